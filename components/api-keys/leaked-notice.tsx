import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";

export interface LeakedNoticeProps {
  readonly accountToken: string;
  readonly keys: readonly { readonly id: number; readonly name: string }[];
}

/** What a leak report has ended lately, and what is left to do. */
export function LeakedNotice({ accountToken, keys }: LeakedNoticeProps) {
  if (keys.length === 0) return null;
  return (
    <Notice tone="bad" className="mb-5">
      {keys.length === 1 ? "An API key was" : "API keys were"} reported leaked and revoked:{" "}
      {keys.map((key, index) => (
        <span key={key.id}>
          {index > 0 && ", "}
          <Link href={`/${accountToken}/api-keys/${key.id}`} className="font-medium underline underline-offset-[3px]">
            {key.name}
          </Link>
        </span>
      ))}
      . Find out where the token stood, and give the integration a new key.
    </Notice>
  );
}
