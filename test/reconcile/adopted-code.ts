import type { Json } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import type { Wanted } from "../../src/reconcile/wanted.ts";
import { repositoryOf } from "../adoption/repository.ts";

const ADDRESS = "a_b.c";

/** What the code says of `a_b.c` at a path. */
export function readCode(text: string, path: Path): Json | undefined {
  const { stacks } = repositoryOf({}, { "main.tf": text });
  return stacks[0]?.evaluation.instances.get(ADDRESS)?.at(path);
}

/** The code that adopts a change of `a_b.c`; null where there is no edit. */
export function adoptedCode(text: string, path: Path, wanted: Wanted): string | null {
  const goal = { stack: "main", address: ADDRESS, changes: [{ path, wanted }] };
  const [best] = findAdoptions(repositoryOf({}, { "main.tf": text }), goal, 1).proven;
  return best?.texts.get("main.tf") ?? null;
}
