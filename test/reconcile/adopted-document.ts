import type { Json } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import type { Wanted } from "../../src/reconcile/wanted.ts";
import type { AdoptionCase } from "../adoption/case.ts";
import { repositoryOf } from "../adoption/repository.ts";

const ADDRESS = "a_b.c";

/** A repository with a resource of which `v` is what a file says. */
function caseOf(file: string, text: string): AdoptionCase {
  const decode = `${/\.(\w+)$/.exec(file)?.[1]}decode`;
  const files = { "main.tf": `resource "a_b" "c" {\n  v = ${decode}(file("${file}"))\n}\n`, [file]: text };
  return { name: "", files, address: ADDRESS, live: {}, expected: { verdict: "refused", why: "" } };
}

/** What the language reads of a text. */
export function readDocument(file: string, text: string): Json | undefined {
  const each = caseOf(file, text);
  return repositoryOf(each, each.files).stacks[0]?.evaluation.instances.get(ADDRESS)?.at(["v"]);
}

/** Adopts a change of a value that is read from a document: the document then; null where there is no edit. */
export function adopted(
  file: string,
  text: string,
  path: Path,
  wanted: Wanted,
): { readonly text: string; readonly value: Json } | null {
  const each = caseOf(file, text);
  const goal = { stack: "main", address: ADDRESS, changes: [{ path: ["v", ...path], wanted }] };
  const [best] = findAdoptions(repositoryOf(each, each.files), goal, 1).proven;
  if (best === undefined) return null;
  const after = best.texts.get(file) ?? text;
  return { text: after, value: readDocument(file, after) ?? null };
}
