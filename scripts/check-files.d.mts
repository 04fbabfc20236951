interface Tree {
  readonly files: ReadonlySet<string>;
  readonly textOf: (file: string) => string;
}

export function treeOf(files: readonly string[], textOf?: (file: string) => string): Tree;

/** What is wrong with a file's name, or null. */
export function nameComplaint(file: string, tree: Tree): string | null;
