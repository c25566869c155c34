import { referencesInBody } from "../../hcl/evaluation/references.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { STRING } from "../../hcl/values/type.ts";
import { attributeOf } from "./body-index.ts";
import { constantValue, isWrong } from "./constant-value.ts";
import { literalText } from "./literal.ts";
import { isIdentifier } from "./name-rules.ts";
import type { Wrong } from "./wrong.ts";

/** What is wrong in a `terraform` block (https://developer.hashicorp.com/terraform/language/terraform). */
export function wrongSettings(block: Block): Wrong[] {
  if (block.type !== "terraform") return [];
  const required = attributeOf(block.body, "required_version")?.value;
  const version = required === undefined ? null : constantValue("required_version", required, STRING);
  const wrong: Wrong[] = [];
  if (required?.kind === "keyword" && required.value === null) return wrong;
  if (required !== undefined && version !== null) {
    if (isWrong(version)) wrong.push(version);
    else if (version.kind === "string" && !isVersionConstraint(version.value)) {
      const message = `${JSON.stringify(version.value)} is no version constraint; write one such as ">= 1.5, < 2.0"`;
      wrong.push({ message, range: required });
    }
  }
  return wrong;
}

/** References in the backend of a root module: it is read before anything has a value. */
export function wrongBackend(backend: Block): Wrong[] {
  return referencesInBody(backend.body).map(({ root, steps }) => ({
    message:
      "a backend has to be written out, without references; or give it to terraform init as -backend-config",
    range: steps.at(-1) ?? root,
    newer: true,
  }));
}

/** Of blocks that there may be one of in a module, those that come after the first. */
export function wrongRepetitions(blocks: readonly Block[]): Wrong[] {
  const inner = blocks.flatMap(({ body }) => body.items.filter((item) => item.kind === "block"));
  const backends = inner.filter(({ type }) => type === "backend" || type === "cloud");
  const providers = inner.filter(({ type }) => type === "required_providers");
  return [
    ...backends.slice(1).map(({ type, typeRange }) => ({
      message: `the module has a ${backends[0]?.type ?? "backend"} already, and only one is possible; take this ${type} out`,
      range: typeRange,
    })),
    ...providers.slice(1).map(({ typeRange }) => ({
      message: "the module has required_providers already; put both into one",
      range: typeRange,
    })),
  ];
}

/** Arguments that a `provider` block cannot have, and an alias that is none. */
export function wrongProvider(block: Block): Wrong[] {
  if (block.type !== "provider") return [];
  const reserved = block.body.items.filter((item) => item.kind === "attribute" && RESERVED.has(item.name));
  const wrong: Wrong[] = reserved.map((item) => ({
    message: "a provider block has no such argument; take it out",
    range: item,
  }));
  const alias = attributeOf(block.body, "alias")?.value;
  if (alias === undefined) return wrong;
  const value = constantValue("alias", alias, STRING);
  if (isWrong(value)) return [...wrong, { ...value }];
  if (value.kind !== "string" || isIdentifier(value.value)) return wrong;
  return [...wrong, { message: `${JSON.stringify(value.value)} is no name for an alias`, range: alias }];
}

/** Configurations of one provider under one alias, or several without. */
export function repeatedProviders(blocks: readonly Block[]): Wrong[] {
  const known = new Set<string>();
  return blocks.flatMap(({ labels: [label], body, typeRange }): Wrong[] => {
    const node = attributeOf(body, "alias")?.value;
    const alias = node === undefined ? "" : literalText(node);
    if (label === undefined || alias === undefined) return [];
    const key = JSON.stringify([label.value, alias]);
    if (!known.has(key)) {
      known.add(key);
      return [];
    }
    const which = alias === "" ? "without an alias" : `with the alias ${JSON.stringify(alias)}`;
    return [
      {
        message: `provider ${JSON.stringify(label.value)} is configured ${which} already; give one of them another alias`,
        range: typeRange,
      },
    ];
  });
}

const RESERVED = new Set(["count", "depends_on", "source"]);

/** One condition: an operator and a version, the parts of which are numbers, then perhaps a pre-release and a build. */
const CONDITION =
  /^\s*(?:=|!=|>|<|>=|<=|~>)?\s*v?\d+(?:\.\d+){0,9}(?:-[0-9A-Za-z.~-]{1,100})?(?:\+[0-9A-Za-z.~-]{1,100})?\s*$/;

function isVersionConstraint(text: string): boolean {
  return text.split(",").every((condition) => CONDITION.test(condition));
}
