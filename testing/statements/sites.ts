import path from "node:path";
import ts from "typescript";

import { rowShape, type RowShape } from "./row-shapes";

/** A call that says what a statement's rows are. */
export interface Site {
  /** `path:line`, of what is called. */
  readonly name: string;
  /** `path › function`, which stays while lines move. */
  readonly within: string;
  /** The row type, as it is written. */
  readonly says: string;
  readonly shape: RowShape;
  /** The generic function whose caller says the rest of the row type; null where nothing is left to say. */
  readonly handedBy: ts.Symbol | null;
  /** The generic function that is called; null at a door itself. */
  readonly calls: ts.Symbol | null;
}

export interface Sites {
  readonly all: readonly Site[];
  /** What stands at `path:line:column`, as a stack names it. */
  at(place: string): Site | null;
}

/** Whose first type argument is the row's. The driver's `query` and Prisma's `$queryRaw` are looked at where they have one. */
const ROWS_OF_DOOR: Readonly<Record<string, "row" | "list">> = {
  readSql: "row",
  readDriverSql: "row",
  readPreparedSql: "row",
  query: "row",
  $queryRaw: "list",
};

const LONGEST_SAID = 80;

type Call = ts.CallExpression | ts.TaggedTemplateExpression;

function calleeOf(call: Call): ts.Node {
  const callee = ts.isCallExpression(call) ? call.expression : call.tag;
  return ts.isPropertyAccessExpression(callee) ? callee.name : callee;
}

/** What row types are made of stands in these; all else would only be read, at seconds a run. */
const FOLLOWED = /^(@\/|\.|zod$|pg$|@prisma\/client|rate-limiter-flexible$)/;
const NOT_FOLLOWED = /^(\.\/models|\.\.\/models|\.\/internal\/class|\.\/class)$/;

function programOf(root: string, files: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const options = {
    ...ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options,
    lib: ["lib.es2023.d.ts"],
    incremental: false,
    pathsBasePath: root,
  };
  const host = ts.createCompilerHost(options);
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) =>
      (from.includes("/node_modules/") || FOLLOWED.test(text)) &&
      !(from.includes("/generated/") && NOT_FOLLOWED.test(text))
        ? ts.resolveModuleName(text, from, options, host, cache)
        : { resolvedModule: undefined },
    );
  return ts.createProgram(
    files.map((file) => path.join(root, file)),
    options,
    host,
  );
}

/** The type of a call's rows; null where none is said. */
function rowTypeOf(checker: ts.TypeChecker, call: Call, wraps: "row" | "list"): ts.Type | null {
  const [given] = call.typeArguments ?? [];
  if (given) {
    const type = checker.getTypeFromTypeNode(given);
    return wraps === "row" ? type : (checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? null);
  }
  // What the function around it promises: `return readSql(…)`.
  const wanted = ts.isExpression(call) ? checker.getContextualType(call) : undefined;
  const parts = wanted?.isUnion() ? wanted.types : wanted ? [wanted] : [];
  const promised = parts.map((part) => checker.getAwaitedType(part)).find((part) => part && checker.isArrayType(part));
  return promised ? (checker.getIndexTypeOfType(promised, ts.IndexKind.Number) ?? null) : null;
}

/** The function whose type parameter stands in a row type. */
function handedBy(checker: ts.TypeChecker, type: ts.Type): ts.Symbol | null {
  const alternatives = type.isUnion() ? type.types : [type];
  for (const part of alternatives.flatMap((each) => (each.isIntersection() ? each.types : [each]))) {
    const declaration = part.flags & ts.TypeFlags.TypeParameter ? part.getSymbol()?.declarations?.[0] : undefined;
    const owner = declaration?.parent;
    if (owner && ts.isFunctionDeclaration(owner) && owner.name) return checker.getSymbolAtLocation(owner.name) ?? null;
  }
  return null;
}

/** The name of the outermost function that a call stands in. */
function functionAround(call: Call): string {
  let name = "";
  for (let node: ts.Node = call; !ts.isSourceFile(node); node = node.parent)
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableDeclaration(node))
      name = node.name?.getText() ?? name;
  return name;
}

class Finder {
  readonly found = new Map<string, Site>();
  readonly generic = new Set<ts.Symbol>();
  readonly #checker: ts.TypeChecker;

  constructor(
    private readonly root: string,
    private readonly program: ts.Program,
  ) {
    this.#checker = program.getTypeChecker();
  }

  findAll(files: readonly string[]): void {
    const sources = files.map((file) => this.program.getSourceFile(path.join(this.root, file)));
    const look = (want: (call: Call) => void) => {
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) want(node);
        ts.forEachChild(node, visit);
      };
      for (const source of sources) if (source) visit(source);
    };
    look((call) => this.#lookAtDoor(call));
    // A generic function may be called by a generic one.
    for (let known = -1; known !== this.generic.size;) {
      known = this.generic.size;
      look((call) => this.#lookAtGeneric(call));
    }
  }

  #lookAtDoor(call: Call): void {
    const callee = calleeOf(call);
    const name = ts.isIdentifier(callee) ? callee.text : "";
    const wraps = Object.hasOwn(ROWS_OF_DOOR, name) ? ROWS_OF_DOOR[name] : undefined;
    const isSaid = (call.typeArguments?.length ?? 0) > 0 || name.startsWith("read") || name === "$queryRaw";
    if (wraps && isSaid) this.#add(call, callee, rowTypeOf(this.#checker, call, wraps), null);
  }

  #lookAtGeneric(call: Call): void {
    const callee = calleeOf(call);
    const [given] = call.typeArguments ?? [];
    if (!given || !ts.isIdentifier(callee)) return;
    const named = this.#checker.getSymbolAtLocation(callee);
    const symbol = named && named.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(named) : named;
    if (symbol && this.generic.has(symbol)) this.#add(call, callee, this.#checker.getTypeFromTypeNode(given), symbol);
  }

  #add(call: Call, callee: ts.Node, type: ts.Type | null, calls: ts.Symbol | null): void {
    if (type === null || type.flags & ts.TypeFlags.Unknown) return;
    const source = call.getSourceFile();
    const file = path.relative(this.root, source.fileName);
    const placeOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart());
    const { line } = placeOf(callee);
    // Where a stack says that the call is: of a tagged template, where the template begins.
    const called = placeOf(ts.isCallExpression(call) ? callee : call.template);
    const handed = handedBy(this.#checker, type);
    // The doors' own functions: what they are called with is the site.
    if (file === "lib/platform/database/db.ts" && handed) return;
    if (handed) this.generic.add(handed);
    const given = call.typeArguments?.[0];
    const says = (given?.getText() ?? this.#checker.typeToString(type)).replace(/\s+/g, " ");
    const shape = rowShape(this.#checker, type);
    this.found.set(`${file}:${called.line + 1}:${called.character + 1}`, {
      name: `${file}:${line + 1}`,
      within: `${file} › ${functionAround(call)}`,
      says: says.length > LONGEST_SAID ? `${says.slice(0, LONGEST_SAID)}…` : says,
      shape,
      handedBy: handed,
      calls,
    });
  }
}

/** Every call in these files that says what a statement's rows are. */
export function findSites(root: string, files: readonly string[]): Sites {
  const finder = new Finder(root, programOf(root, files));
  finder.findAll(files);
  return { all: [...finder.found.values()], at: (place) => finder.found.get(place) ?? null };
}
