import { identifierEnd } from "../../hcl/syntax/characters.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Wrong } from "./wrong.ts";

/** Arguments and blocks of a module call, which its variables can be no namesakes of. */
const RESERVED = new Set([
  "source",
  "version",
  "providers",
  "count",
  "for_each",
  "lifecycle",
  "depends_on",
  "locals",
  "provider",
]);

/** Blocks whose labels are names that references use. */
const NAMED = new Set(["variable", "output", "module", "resource", "data", "check"]);

/** Labels that are no names (https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers). */
export function wrongNames(block: Block): Wrong[] {
  if (!NAMED.has(block.type)) return [];
  const wrong: Wrong[] = [];
  for (const label of block.labels) {
    if (isIdentifier(label.value)) continue;
    const rule = "it starts with a letter or _, and goes on with letters, digits, _ and -";
    wrong.push({ message: `${JSON.stringify(label.value)} is no name; ${rule}`, range: label });
  }
  const [name] = block.labels;
  if (block.type === "variable" && name !== undefined && RESERVED.has(name.value)) {
    const message = `a variable cannot be called ${JSON.stringify(name.value)}, which means something else in module blocks; rename it`;
    wrong.push({ message, range: name });
  }
  return wrong;
}

export function isIdentifier(text: string): boolean {
  return text !== "" && identifierEnd(text, 0) === text.length;
}
