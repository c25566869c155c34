import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "./body-index.ts";
import { literalText } from "./literal.ts";
import type { Wrong } from "./wrong.ts";

/** What is wrong in a `module` block, whatever module it leads to. */
export function wrongCall(block: Block): Wrong[] {
  if (block.type !== "module") return [];
  const name = JSON.stringify(block.labels[0]?.value ?? "");
  const [source, version] = [
    attributeOf(block.body, "source")?.value,
    attributeOf(block.body, "version")?.value,
  ];
  const wrong = block.body.items.flatMap((item): Wrong[] => {
    if (item.kind === "attribute" || item.type === "_") return [];
    const range = item.typeRange;
    const message = `a module block has no blocks in it; is ${JSON.stringify(item.type)} an argument, with = before its braces?`;
    // OpenTofu has one for `enabled`.
    if (item.type === "lifecycle" && attributeOf(item.body, "enabled") !== null) return [];
    return [{ message, range }];
  });
  if (source === undefined) {
    wrong.push({
      message: `module ${name} has no source; add the folder or the address of the module`,
      range: block.typeRange,
    });
  } else if (source.kind === "keyword" || source.kind === "number" || source.kind === "tuple") {
    wrong.push({ message: `the source of module ${name} has to be a text`, range: source });
  } else {
    const [reference] = referencesIn(source);
    if (reference !== undefined || source.kind === "call") {
      const message = `the source of module ${name} has to be written out, without references and functions`;
      wrong.push({ message, range: source, newer: true });
    }
  }
  const [reference] = version === undefined ? [] : referencesIn(version);
  if (version !== undefined && reference !== undefined) {
    const message = `the version of module ${name} has to be written out, without references`;
    wrong.push({ message, range: version, newer: true });
  }
  const text = source === undefined ? undefined : literalText(source);
  if (version !== undefined && text !== undefined && /^\.{1,2}(?:\/|$)/.test(text)) {
    wrong.push({
      message: "a module in a folder of the repository has no version; take it out",
      range: version,
    });
  }
  return wrong;
}

/** Two arguments of which there can be one. */
export function wrongRepetition({ type, body }: Block): Wrong[] {
  if (type !== "resource" && type !== "data" && type !== "module") return [];
  // An override file may have the one beside the other.
  return (body.merged ?? [body]).flatMap((written): Wrong[] => {
    const [count, forEach] = [attributeOf(written, "count"), attributeOf(written, "for_each")];
    if (count === null || forEach === null) return [];
    const message = "count and for_each cannot stand in one block; take one of them out";
    return [{ message, range: forEach.nameRange }];
  });
}
