import { normalElement, normalStatement } from "../drift/policy-document.ts";
import { canonicalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";

/** Which statements of two policies belong together. */
export interface MatchedStatements {
  /** Positions of statements that are to become each other. */
  readonly pairs: readonly (readonly [now: number, wanted: number])[];
  readonly surplus: readonly number[];
  readonly missing: readonly number[];
}

/** Positions of texts that the other list does not have, each text once in `missing`. */
export function unshared(
  now: readonly string[],
  wanted: readonly string[],
): { readonly surplus: readonly number[]; readonly missing: readonly number[] } {
  const [known, asked] = [new Set(now), new Set(wanted)];
  const first = new Map<string, number>();
  for (const [index, text] of wanted.entries()) if (!first.has(text)) first.set(text, index);
  return {
    surplus: [...now.keys()].filter((index) => !asked.has(now[index] ?? "")),
    missing: [...first].flatMap(([text, index]) => (known.has(text) ? [] : [index])),
  };
}

/** Statements that mean the same need nothing; of the others those with one Sid belong together, else the most alike. */
export function matchedStatements(now: readonly Json[], wanted: readonly Json[]): MatchedStatements {
  const { surplus, missing } = unshared(now.map(textOf), wanted.map(textOf));
  // Of one that is left on either side anything in common is enough.
  const least = surplus.length === 1 && missing.length === 1 ? Number.MIN_VALUE : LEAST_LIKENESS;
  const left = new Set(surplus);
  const open = new Set(missing);
  const pairs: (readonly [number, number])[] = [];
  for (const { index, other } of likely(now, wanted, surplus, missing, least)) {
    if (!left.has(index) || !open.has(other)) continue;
    pairs.push([index, other]);
    left.delete(index);
    open.delete(other);
  }
  return { pairs: pairs.toSorted(([a], [b]) => a - b), surplus: [...left], missing: [...open] };
}

function textOf(statement: Json): string {
  return canonicalJson(normalStatement(statement));
}

/** Statements that have less in common are rather two than one that was changed. */
const LEAST_LIKENESS = 0.4;

/** Of more than AWS would take nobody asks which are the most alike. */
const MOST_COMPARED = 10_000;

/** Statements that may belong together, the most alike first. */
function likely(
  now: readonly Json[],
  wanted: readonly Json[],
  surplus: readonly number[],
  missing: readonly number[],
  least: number,
) {
  if (surplus.length * missing.length > MOST_COMPARED) return [];
  const known = surplus.map((index) => ({ index, ...saidBy(now[index]) }));
  const asked = missing.map((index) => ({ index, ...saidBy(wanted[index]) }));
  const all = known.flatMap((one) =>
    asked.map((other) => ({ index: one.index, other: other.index, likeness: likeness(one, other) })),
  );
  return all.filter((pair) => pair.likeness >= least).toSorted((a, b) => b.likeness - a.likeness);
}

interface Said {
  readonly sid: Json;
  readonly atoms: ReadonlySet<string>;
}

/** From 0 to 1: how much of what two statements say they both say. The same Sid is enough; another one speaks against it. */
function likeness(a: Said, b: Said): number {
  if (a.sid !== "" && a.sid === b.sid) return 2;
  const all = a.atoms.union(b.atoms).size;
  const shared = all === 0 ? 0 : a.atoms.intersection(b.atoms).size / all;
  return a.sid !== "" && b.sid !== "" && shared < LEAST_LIKENESS ? 0 : shared;
}

function saidBy(statement: Json | undefined): Said {
  return { sid: jsonAt(statement, ["Sid"]) ?? "", atoms: new Set(atomsOf(statement)) };
}

function* atomsOf(statement: Json | undefined): Generator<string> {
  if (!isJsonObject(statement)) return;
  for (const [name, value] of Object.entries(statement)) {
    if (name !== "Sid") yield* leavesOf(name, normalElement(name, value));
  }
}

function* leavesOf(at: string, value: Json): Generator<string> {
  if (isJsonArray(value)) for (const item of value) yield* leavesOf(at, item);
  else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) yield* leavesOf(`${at} ${name}`, inner);
  } else yield `${at} ${canonicalJson(value)}`;
}
