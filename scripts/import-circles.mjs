// Files that import each other, be it for their types: none of them can be read, or moved, without the rest.
import path from "node:path";

const IMPORT = /^(?:import|export)\s[^;]*?\bfrom\s+"([^"]+)";|^import "([^"]+)";/gm;

/** The files of the tree that a file imports. */
function importsOf(file, { files, textOf }) {
  return [...textOf(file).matchAll(IMPORT)].flatMap(([, named, bare]) => {
    const from = named ?? bare;
    if (!/^(?:@\/|\.)/.test(from)) return [];
    const place = from.startsWith("@/") ? from.slice(2) : path.posix.join(path.posix.dirname(file), from);
    return [place, `${place}.ts`, `${place}.tsx`].filter((name) => files.has(name)).slice(0, 1);
  });
}

/**
 * The circles that imports run in: of each the files, where each imports the next and the last the first.
 * @param {{ files: ReadonlySet<string>, textOf: (file: string) => string }} tree
 * @returns {string[][]}
 */
export function circlesOf(tree) {
  const circles = [];
  const done = new Set();
  const visit = (file, way) => {
    if (way.includes(file)) return circles.push(way.slice(way.indexOf(file)));
    if (done.has(file)) return;
    for (const imported of importsOf(file, tree)) visit(imported, [...way, file]);
    done.add(file);
  };
  for (const file of tree.files) visit(file, []);
  return circles;
}
