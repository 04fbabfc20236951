import { Time } from "@/components/ui/time";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Their values are words of the hub's own, joined by underscores; what people wrote is shown as they wrote it. */
const OUR_WORDS: readonly string[] = [
  "reason",
  "status",
  "recordType",
  "dataType",
  "ownership",
  "fuelVolumeUnits",
  "systemOfMeasurement",
];

function sayValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** One fact's value, as a person reads it. */
export function Fact({ name, value }: { name: string; value: unknown }) {
  if (typeof value === "string") {
    if (INSTANT.test(value)) return <Time value={value} zone plain />;
    return <>{OUR_WORDS.includes(name) ? value.replaceAll("_", " ") : sayValue(value)}</>;
  }
  if (typeof value !== "object" || value === null) return <>{sayValue(value)}</>;
  // A list, or what stands by names of its own: custom fields, an integration's ids.
  const said = Array.isArray(value)
    ? value.map(sayValue)
    : Object.entries(value).map(([key, one]) => `${key}: ${sayValue(one)}`);
  return <>{said.join(", ") || "none"}</>;
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
