import { joinPath, type Snapshot } from "./snapshot.ts";

/** A pattern that cannot be read. */
export class GlobError extends Error {
  override readonly name = "GlobError";
}

/** What a search for files needs of a snapshot. */
export type Listing = Pick<Snapshot, "list" | "isAwaited">;

/**
 * The files of a snapshot that a pattern matches: `*`, `?`, `[a-z]`, `{a,b}` and `\` within a name, `**` for any number
 * of folders (https://pkg.go.dev/github.com/bmatcuk/doublestar, as Terraform's `fileset` uses it). `steps` are the names
 * of the pattern's path; `visit` is told of each name that is looked at.
 * @throws GlobError for a pattern that cannot be read.
 */
export function filesMatching(snapshot: Listing, steps: readonly GlobStep[], visit: () => void): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open: [folder: string, at: number][] = [[".", 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [folder, at] = next;
    const key = `${at} ${folder}`;
    const step = steps[at];
    if (step === undefined || seen.has(key)) continue;
    seen.add(key);
    const isLast = at === steps.length - 1;
    if (step.kind === "folders" && !isLast) open.push([folder, at + 1]);
    const { literal } = step;
    const names = snapshot.list(
      folder,
      literal !== null || (isLast && step.kind === "name") ? undefined : "below",
    );
    // Which names there are is still to come: what is further down is asked for along with them.
    if (literal !== null && !isLast && snapshot.isAwaited?.(folder) === true)
      open.push([joinPath(folder, literal) ?? folder, at + 1]);
    for (const name of names) {
      visit();
      const isFolder = name.endsWith("/");
      const bare = isFolder ? name.slice(0, -1) : name;
      if (step.kind === "name" && !step.matches(bare)) continue;
      const path = joinPath(folder, bare) ?? bare;
      if (isFolder) open.push([path, step.kind === "folders" ? at : at + 1]);
      else if (isLast) found.add(path);
    }
  }
  return [...found];
}

/** One name of a pattern's path: any number of folders, or what a name must look like. */
export type GlobStep =
  | { readonly kind: "folders"; readonly literal: null }
  | {
      readonly kind: "name";
      /** The only name that matches, where there is but one. */
      readonly literal: string | null;
      readonly matches: (name: string) => boolean;
    };

export function literalStep(text: string): GlobStep {
  return { kind: "name", literal: text, matches: (name) => name === text };
}

/** What may mean something else than itself in a pattern. */
const SPECIAL = /[*?[{\\]/;

/** @throws GlobError */
export function globStep(pattern: string): GlobStep {
  if (pattern === "**") return { kind: "folders", literal: null };
  if (!SPECIAL.test(pattern)) return literalStep(pattern);
  const start = readSequence([...pattern], null, { left: MOST_INNER_BRACES });
  return { kind: "name", literal: null, matches: (name) => matches(start, [...name]) };
}

/** What must stand at one place of a name, and what must follow; null is the end. */
interface Node {
  readonly expects: Expected;
  readonly next: Node | null;
}

type Expected =
  | { readonly kind: "character"; readonly accepts: (character: string) => boolean }
  | { readonly kind: "anything" }
  | { readonly kind: "either"; readonly choices: readonly (Node | null)[] };

/** Braces within braces are read again for each choice. */
const MOST_INNER_BRACES = 500;

function readSequence(letters: readonly string[], next: Node | null, inner: { left: number }): Node | null {
  const expected: Expected[] = [];
  const braces: { at: number; choices: readonly string[][]; rest: readonly string[] }[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at];
    if (letter === "*") expected.push({ kind: "anything" });
    else if (letter === "?") expected.push({ kind: "character", accepts: () => true });
    else if (letter === "[") {
      const { accepts, end } = readClass(letters, at + 1);
      expected.push({ kind: "character", accepts });
      at = end;
    } else if (letter === "{") {
      const { choices, end } = readChoices(letters, at + 1);
      braces.push({ at: expected.length, choices, rest: letters.slice(end + 1) });
      expected.push({ kind: "either", choices: [] });
      at = end;
    } else {
      const wanted = letter === "\\" ? letters[++at] : letter;
      if (wanted === undefined) throw new GlobError("ends with a backslash");
      expected.push({ kind: "character", accepts: (character) => character === wanted });
    }
  }
  let node = next;
  for (let at = expected.length - 1; at >= 0; at -= 1) {
    const rest = node;
    const group = braces.at(-1)?.at === at ? braces.pop() : undefined;
    const here = expected[at];
    if (group !== undefined) {
      const choices = group.choices.map((choice) => {
        if (!hasBrace(choice)) return readSequence(choice, rest, inner);
        if (inner.left === 0) throw new GlobError("has too many braces within braces");
        inner.left -= 1;
        return readSequence([...choice, ...group.rest], next, inner);
      });
      node = { expects: { kind: "either", choices }, next: rest };
    } else if (here !== undefined) node = { expects: here, next: rest };
  }
  return node;
}

function hasBrace(letters: readonly string[]): boolean {
  return letters.some((letter, index) => letter === "{" && letters[index - 1] !== "\\");
}

/**
 * The first closing brace ends the choices. A choice with an opening brace is joined with what follows, and read anew:
 * `{a{b,c}d,b}` is `a{bd,b}` or `cd,b}`.
 */
function readChoices(letters: readonly string[], start: number): { choices: string[][]; end: number } {
  const choices: string[][] = [[]];
  for (let at = start; at < letters.length; at += 1) {
    const letter = letters[at] ?? "";
    if (letter === "}") return { choices, end: at };
    if (letter === ",") choices.push([]);
    else if (letter === "\\") choices.at(-1)?.push(letter, letters[++at] ?? "");
    else choices.at(-1)?.push(letter);
  }
  throw new GlobError("has an opening brace without its end in the same name of the path");
}

function readClass(
  letters: readonly string[],
  start: number,
): { accepts: (character: string) => boolean; end: number } {
  const negated = letters[start] === "^";
  const ranges: [low: string, high: string][] = [];
  let at = negated ? start + 1 : start;
  const take = (): string => {
    const letter = letters[at] === "\\" ? letters[++at] : letters[at];
    if (letter === undefined) throw new GlobError("has an opening bracket without its end");
    at += 1;
    return letter;
  };
  while (letters[at] !== "]" || ranges.length === 0) {
    if (letters[at] === "]" || letters[at] === "-") throw new GlobError("has brackets with nothing in them");
    const low = take();
    if (letters[at] !== "-") {
      ranges.push([low, low]);
      continue;
    }
    at += 1;
    if (letters[at] === "]") throw new GlobError("has a range without its end");
    ranges.push([low, take()]);
  }
  const isIn = (character: string) => ranges.some(([low, high]) => low <= character && character <= high);
  return { accepts: (character) => isIn(character) !== negated, end: at };
}

/** Tries every way, each place of the pattern at each place of the name once. */
function matches(start: Node | null, name: readonly string[]): boolean {
  const failed = new Map<Node, Set<number>>();
  const open: [node: Node | null, at: number][] = [[start, 0]];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [node, at] = place;
    if (node === null) {
      if (at === name.length) return true;
      continue;
    }
    const tried = failed.get(node) ?? new Set();
    failed.set(node, tried);
    if (tried.has(at)) continue;
    tried.add(at);
    const { expects, next } = node;
    const letter = name[at];
    if (expects.kind === "anything") {
      open.push([next, at]);
      if (letter !== undefined) open.push([node, at + 1]);
    } else if (letter === undefined) continue;
    // Where the name has ended, not even an empty choice matches.
    else if (expects.kind === "either") for (const choice of expects.choices) open.push([choice, at]);
    else if (expects.accepts(letter)) open.push([next, at + 1]);
  }
  return false;
}
