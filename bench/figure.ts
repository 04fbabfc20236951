/** One line of the report: a measured ratio and the bar it must clear. */
export interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly bar: string;
  readonly holds: boolean;
  readonly detail: string;
}

type Measured = Pick<Figure, "name" | "ratio" | "detail">;

export function atLeast(bar: number, measured: Measured): Figure {
  return { ...measured, bar: `≥ ${bar}`, holds: measured.ratio >= bar };
}

export function atMost(bar: number, measured: Measured): Figure {
  return { ...measured, bar: `≤ ${bar}`, holds: measured.ratio <= bar };
}

export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
