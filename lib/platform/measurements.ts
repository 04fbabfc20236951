import { singleton } from "./singleton";

/** What is worth counting; every text in it is one of a few, never something that a caller chose. */
export type Measurement =
  | {
      readonly kind: "request";
      readonly of: "page" | "api";
      readonly route: string;
      readonly method: string;
      readonly status: number;
      readonly seconds: number;
    }
  | { readonly kind: "job"; readonly job: string; readonly result: "done" | "failed" | "given up" }
  | { readonly kind: "mail"; readonly result: "taken" | "refused" | "unknown" }
  | { readonly kind: "keyLookUp"; readonly result: string }
  | { readonly kind: "logLineDropped" };

type Listener = (measurement: Measurement) => void;

const sink = () => singleton("measurements", () => ({ listener: null as Listener | null }));

/** Costs nothing where nobody listens. */
export function measure(measurement: Measurement): void {
  sink().listener?.(measurement);
}

/** There is one listener, the metrics of the server; null takes it away. */
export function listenToMeasurements(listener: Listener | null): void {
  sink().listener = listener;
}
