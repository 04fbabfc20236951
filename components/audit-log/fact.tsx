import { Time } from "@/components/ui/time";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** One fact's value, as a person reads it. */
export function Fact({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === "") return <>none</>;
  if (typeof value === "boolean") return <>{value ? "yes" : "no"}</>;
  if (typeof value === "string") return INSTANT.test(value) ? <Time value={value} zone plain /> : <>{value}</>;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
    return <>{value.length === 0 ? "none" : value.map(String).join(", ")}</>;
  }
  return <>{JSON.stringify(value)}</>;
}

/** "expiresAt" → "expires at", "apiVersion" → "API version" */
export function sayFactName(name: string): string {
  const words = name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`).replaceAll("_", " ");
  return words
    .replace(/\bapi\b/, "API")
    .replace(/\bips\b/, "IP addresses")
    .replace(/\burl\b/, "URL");
}

/** The facts that an entry carries by name; what is no record of facts has none. */
export function factsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
