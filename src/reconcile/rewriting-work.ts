import { documentOf } from "../hcl/editing/document-text.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { MOST_ROUNDS, RecentTrees } from "./compose.ts";
import { meaningKey } from "./meaning-key.ts";

/** So many characters are read again at most in one search, and for one value in it. */
const MOST_READ = 3_000_000;
const MOST_FOR_ONE = 1_500_000;

/** Reading YAML takes so many times as long. */
const YAML = 3;

/**
 * What a search may still spend on making values right part by part, each of which reads the text around it again.
 * Counted, so that the same is found on every machine.
 */
export class RewritingWork {
  /** The texts that were read last. */
  readonly trees = new RecentTrees();
  #left: number;
  /** How many rounds one part may take while the value that it is in is made right. */
  #most: number | null = null;

  constructor(left = MOST_READ) {
    this.#left = left;
  }

  /** What `inParts` gives; `asWhole` where too many parts of a node differ for that. */
  spend<Result>(
    node: Expression,
    current: Json,
    wanted: Json,
    inParts: () => Result,
    asWhole: () => Result,
  ): Result {
    const outer = this.#most;
    const each = charactersOf(node);
    const most = outer ?? Math.min(MOST_ROUNDS - 1, Math.floor(Math.min(this.#left, MOST_FOR_ONE) / each));
    const rounds = roundsFor(current, wanted, Math.max(1, most));
    if (rounds > most) return asWhole();
    if (outer !== null) return inParts();
    this.#left -= rounds * each;
    this.#most = most;
    try {
      return inParts();
    } finally {
      this.#most = null;
    }
  }
}

/** What is read in a round: of a document all of it, of code about the node. */
function charactersOf(node: Expression): number {
  const document = documentOf(node);
  if (document === null) return node.end - node.start + 1;
  return (document.text.length + 1) * (document.format === "yaml" ? YAML : 1);
}

/** How many edits make one value another; parts that take more than `most` are written anew, which is one. */
function roundsFor(current: Json, wanted: Json, most: number): number {
  if (isJsonObject(current) && isJsonObject(wanted)) {
    const names = new Set([...Object.keys(current), ...Object.keys(wanted)]);
    let rounds = 0;
    for (const name of names) rounds += roundsOfPart(own(current, name), own(wanted, name), most);
    return rounds;
  }
  if (isJsonArray(current) && isJsonArray(wanted)) {
    const [gone, come] = [without(current, wanted), without(wanted, current)];
    let rounds = 0;
    for (let index = 0; index < Math.max(gone.length, come.length); index += 1)
      rounds += roundsOfPart(gone[index], come[index], most);
    return rounds;
  }
  return 1;
}

function roundsOfPart(current: Json | undefined, wanted: Json | undefined, most: number): number {
  if (current === undefined || wanted === undefined) return 1;
  if (meaningKey(current) === meaningKey(wanted)) return 0;
  const inner = roundsFor(current, wanted, most);
  return inner > most ? 1 : inner;
}

/** The elements of a list that another does not have. */
function without(list: readonly Json[], other: readonly Json[]): readonly Json[] {
  const left = new Map<string, number>();
  for (const item of other) {
    const key = meaningKey(item);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return list.filter((item) => {
    const key = meaningKey(item);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function own(object: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
