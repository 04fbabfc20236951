/** What is wrong with a log. */
export interface ChainFault {
  /** The first entry that is wrong. */
  readonly sequence: number;
  /**
   * - changed: it is not as it was written. - missing: it is gone. - repeated: its place is taken twice. - cut: the log
   * ends before it should. - unaccounted: it stands before the log's first entry, or past the log's head.
   */
  readonly kind: "changed" | "missing" | "repeated" | "cut" | "unaccounted";
}

/** As the first half of a sentence: its end and what follows from it are the reader's. */
export function sayFault({ sequence, kind }: ChainFault): string {
  const number = sequence.toLocaleString("en-US");
  switch (kind) {
    case "changed":
      return `Entry ${number} is not as it was written`;
    case "missing":
      return `Entry ${number} is missing`;
    case "repeated":
      return `Entry ${number} is there more than once`;
    case "cut":
      return `The log ends too early: entry ${number} and what came after it are missing`;
    case "unaccounted":
      return sequence < 1
        ? `Entry ${number} stands before the beginning of the log, where the hub writes nothing`
        : `Entry ${number} stands past the end of the log that its head tells`;
  }
}
