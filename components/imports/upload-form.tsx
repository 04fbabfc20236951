"use client";

import { useRouter } from "next/navigation";
import { useState, type SyntheticEvent } from "react";

import { FormError } from "@/components/form/form-error";
import { SubmitButton } from "@/components/form/submit-button";
import { INPUT_LOOK } from "@/components/ui/input";
import { fieldIds, FieldFrame } from "@/components/ui/text-field";
import type { ActionResult } from "@/lib/entry/action";
import { MAX_FILE_BYTES } from "@/lib/imports/policy";
import type { ImportedRecord } from "@/lib/resources";

const FIELD = "import-file";
const HINT = "Up to 5 MB and 10,000 rows, UTF-8, with commas or semicolons. A spreadsheet saves it as “CSV UTF-8”.";
const NO_ANSWER =
  "The answer did not arrive. No record was added; look among the imports whether the file is there, or choose it again.";

interface UploadFormProps {
  readonly accountToken: string;
  readonly record: ImportedRecord;
}

/** Sends the file as it is; gives the import's id, or why it was refused. */
async function send({ accountToken, record }: UploadFormProps, file: File): Promise<ActionResult<{ id: number }>> {
  const query = new URLSearchParams({ record, name: file.name });
  const response = await fetch(`/${accountToken}/imports/upload?${query.toString()}`, {
    method: "POST",
    headers: { "Content-Type": "text/csv" },
    body: file,
  });
  return (await response.json()) as ActionResult<{ id: number }>;
}

export function UploadForm(props: UploadFormProps) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | undefined>();
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const file = new FormData(event.currentTarget).get("file");
    setRefused(null);
    setComplaint(undefined);
    if (!(file instanceof File) || file.name === "") return setComplaint("Choose a CSV file.");
    if (file.size > MAX_FILE_BYTES) return setComplaint("The file has more than 5 MB. Split it.");
    setBusy(true);
    const answer = await send(props, file).catch(() => null);
    if (answer?.ok) return router.push(`/${props.accountToken}/imports/${answer.value.id}`);
    setBusy(false);
    const wrong = answer?.error.fields.file;
    if (wrong) setComplaint(wrong.join(" "));
    else setRefused(answer?.error.message ?? NO_ANSWER);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <FieldFrame id={FIELD} label="CSV file" hint={HINT} error={complaint}>
        <input
          {...fieldIds(FIELD, { hint: HINT, error: complaint })}
          type="file"
          name="file"
          accept=".csv,text/csv"
          className={`${INPUT_LOOK} py-1.5 file:mr-3 file:rounded-sm file:border file:border-line-control file:bg-bg-subtle file:px-2 file:py-0.5 file:text-text`}
        />
      </FieldFrame>
      <FormError>{refused}</FormError>
      <div>
        <SubmitButton busy={busy}>Upload</SubmitButton>
      </div>
    </form>
  );
}
