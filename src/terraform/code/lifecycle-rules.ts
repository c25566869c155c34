import { referencesIn } from "../../hcl/evaluation/references.ts";
import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Attribute, Block, Expression } from "../../hcl/syntax/syntax.ts";
import { LIFECYCLE, wrongContent, wrongLabels } from "./block-rules.ts";
import { attributeOf } from "./body-index.ts";
import { wrongFlag } from "./flag-rules.ts";
import { literalText } from "./literal.ts";
import { quotedReference } from "./static-reference.ts";
import { isKnownAttribute, knownAttributes } from "./terraform-data.ts";
import type { Wrong } from "./wrong.ts";

/** Of a data source nothing is ever replaced or destroyed. */
const OF_RESOURCES = [
  "create_before_destroy",
  "prevent_destroy",
  "ignore_changes",
  "replace_triggered_by",
] as const;

const NO_RESOURCES = new Set(["var", "local", "module", "path", "terraform", "each", "count", "self"]);

/**
 * What is wrong in the `lifecycle` of a resource or data source
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle).
 */
export function wrongLifecycle(resource: Block): Wrong[] {
  const [first, second] = lifecyclesOf(resource);
  if (first === undefined) return [];
  const wrong = [...wrongLabels(first), ...wrongContent(first, LIFECYCLE)];
  if (second !== undefined) {
    wrong.push({ message: "there is a lifecycle block already; put both into one", range: second.typeRange });
  }
  if (resource.type === "data") return [...wrong, ...OF_RESOURCES.flatMap((name) => notOfData(first, name))];
  const [ignored, triggers] = [
    attributeOf(first.body, "ignore_changes"),
    attributeOf(first.body, "replace_triggered_by"),
  ];
  return [
    ...wrong,
    ...wrongFlag(first, "create_before_destroy"),
    ...wrongFlag(first, "prevent_destroy"),
    ...(ignored === null ? [] : wrongIgnored(ignored, resource)),
    ...(triggers === null ? [] : wrongTriggers(triggers)),
    ...ownReferences(first, resource),
  ];
}

/** What `replace_triggered_by` names and the module does not declare. */
export function undeclaredTriggers(resource: Block, declared: ReadonlyMap<string, unknown>): Wrong[] {
  const [lifecycle] = lifecyclesOf(resource);
  const triggers =
    lifecycle === undefined ? undefined : attributeOf(lifecycle.body, "replace_triggered_by")?.value;
  if (triggers?.kind !== "tuple") return [];
  return triggers.items.flatMap((item): Wrong[] => {
    const [reference] = isAccess(item) ? referencesIn(item) : [];
    const [step] = reference?.steps ?? [];
    if (reference === undefined || step?.kind !== "get-attribute" || OTHER_ROOTS.has(reference.root.name))
      return [];
    const name = `${reference.root.name}.${step.name}`;
    if (declared.has(name)) return [];
    const hint = didYouMean(name, declared.keys());
    return [{ message: `the module declares no ${name}${hint}`, range: item }];
  });
}

const OTHER_ROOTS = new Set([...NO_RESOURCES, "data", "resource", "ephemeral", "action"]);

function lifecyclesOf({ body }: Block): Block[] {
  return body.items.filter((item): item is Block => item.kind === "block" && item.type === "lifecycle");
}

function isAccess({ kind }: Expression): boolean {
  return kind === "variable" || kind === "get-attribute" || kind === "index";
}

function notOfData({ body }: Block, name: string): Wrong[] {
  const range = attributeOf(body, name)?.nameRange;
  return range === undefined ? [] : [{ message: `${name} is for resources, not for data sources`, range }];
}

function wrongIgnored({ value }: Attribute, { labels }: Block): Wrong[] {
  if (value.kind === "variable" && value.name === "all") return [];
  if (value.kind !== "tuple") {
    const message =
      "ignore_changes needs a list of attributes, such as [tags], or the word all without brackets";
    return [{ message, range: value }];
  }
  const type = labels[0]?.value ?? "";
  return value.items.flatMap((item) => wrongIgnoredItem(item, type));
}

function wrongIgnoredItem(item: Expression, type: string): Wrong[] {
  if (literalText(item) === "*") {
    return [{ message: "write ignore_changes = all in place of the star", range: item }];
  }
  const reference = quotedReference(item);
  if (reference === null) {
    return [{ message: 'this is no attribute; write one such as tags or tags["Name"]', range: item }];
  }
  if (isKnownAttribute(type, reference.root.name)) return [];
  const message = `${type} has no attribute ${JSON.stringify(reference.root.name)}; it has ${knownAttributes(type).join(", ")}`;
  return [{ message, range: item }];
}

/** Each has to name one resource, an instance or an attribute of it. */
function wrongTriggers({ value }: Attribute): Wrong[] {
  const form = "such as aws_instance.web or aws_instance.web[0].id";
  if (value.kind !== "tuple") {
    return [{ message: `replace_triggered_by needs a list of resources, ${form}`, range: value }];
  }
  return value.items.flatMap((item): Wrong[] => {
    const [first, ...inner] = isAccess(item) ? referencesIn(item) : [];
    const key = inner.find(({ root }) => root.name !== "count" && root.name !== "each");
    if (first !== undefined && !NO_RESOURCES.has(first.root.name) && key === undefined) return [];
    return [{ message: `only a resource can stand here, ${form}`, range: item }];
  });
}

/** A condition about the resource itself is a postcondition, and says `self`. */
function ownReferences({ body }: Block, { type, labels }: Block): Wrong[] {
  const [kind, name] = labels.map(({ value }) => value);
  return body.items.flatMap((item): Wrong[] => {
    if (item.kind !== "block" || (item.type !== "precondition" && item.type !== "postcondition")) return [];
    const values = item.body.items.flatMap((part) => (part.kind === "attribute" ? [part.value] : []));
    const own = values.flatMap(referencesIn).find(({ root, steps: [first] }) => {
      return (
        type === "resource" && root.name === kind && first?.kind === "get-attribute" && first.name === name
      );
    });
    if (own === undefined) return [];
    const message = `a ${item.type} of ${kind}.${name} cannot refer to it by name; `;
    const advice = "write self in a postcondition";
    return [{ message: message + advice, range: own.root }];
  });
}
