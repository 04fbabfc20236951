import type { z } from "zod";

import type { createApiKeyInput } from "@/lib/api-keys/schema";
import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";

/** The create form as its fields hold it. */
export type CreateApiKeyValues = {
  name: string;
  apiVersion: string;
  term: "3" | "6" | "12" | "date";
  date: string;
  scopes: string[];
  reach: "all" | "chosen";
  customers: string[];
  /** One address or range a line. */
  allowedIps: string;
};

export function emptyValues(limited: boolean): CreateApiKeyValues {
  return {
    name: "",
    apiVersion: LATEST_API_VERSION,
    term: "12",
    date: "",
    scopes: ["vehicles.read"],
    reach: limited ? "chosen" : "all",
    customers: [],
    allowedIps: "",
  };
}

type CreateInput = z.input<typeof createApiKeyInput>;

/** What the action gets. */
export function toCreateInput(values: CreateApiKeyValues, submissionId: string): CreateInput {
  const input = {
    submissionId,
    name: values.name,
    apiVersion: values.apiVersion,
    expiry:
      values.term === "date"
        ? { kind: "date", date: values.date, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
        : { kind: "months", months: Number(values.term) },
    scopes: values.scopes,
    customers: values.reach === "all" ? null : values.customers,
    allowedIps: values.allowedIps.split(/[\s,]+/).filter(Boolean),
  };
  // What does not fit is for the schema to say.
  return input as CreateInput;
}

const FORM_FIELDS: Readonly<Record<string, keyof CreateApiKeyValues>> = {
  name: "name",
  apiVersion: "apiVersion",
  expiry: "date",
  scopes: "scopes",
  customers: "customers",
  allowedIps: "allowedIps",
};

/** The form's field that a refused part of the input stands at; undefined where it is none of them. */
export function formFieldOf(path: string): keyof CreateApiKeyValues | undefined {
  return FORM_FIELDS[path.split(".")[0] ?? ""];
}

/** The dates of the viewer's calendar that may be picked: from tomorrow to 12 months ahead. */
export function pickableDates(): { min: string; max: string } {
  const today = new Date();
  const at = (years: number, days: number) => {
    const day = new Date(today.getFullYear() + years, today.getMonth(), today.getDate() + days);
    return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
  };
  return { min: at(0, 1), max: at(1, 0) };
}
