import { documentOf } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { EvaluationError, type Located, type Reference } from "../hcl/evaluation/context.ts";
import { referencesIn } from "../hcl/evaluation/references.ts";
import { quoteString } from "../hcl/syntax/escape.ts";
import type { Value } from "../hcl/values/value.ts";
import type { Json } from "../json/json.ts";
import { Resource } from "../terraform/evaluation/resource.ts";
import { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { ModuleScope } from "../terraform/evaluation/scope.ts";

/** A type of resource and the attribute that names one of them in the cloud. */
interface Kind {
  readonly type: string;
  readonly attribute: string;
}

/** What providers give a resource so that others can name it, whatever its type. */
const IDENTITIES = new Set([
  "id",
  "arn",
  "self_link",
  "unique_id",
  "name",
  "email",
  "dns_name",
  "fqdn",
  "invoke_arn",
  "qualified_arn",
]);

/**
 * By identity, the references of the kinds that an expression has (`aws_security_group.web.id`) to all resources of its
 * module which have one: code that names one of them would name another. What several have names none of them.
 */
function referencesByValue({ expression, context }: Located): ReadonlyMap<string, string> {
  const { scope } = context;
  const found = new Map<string, string[]>();
  if (!(scope instanceof ModuleScope)) return new Map();
  const kinds = referencesIn(expression).flatMap((reference) => kindOf(reference, scope, context));
  for (const { type, attribute } of distinct(kinds)) {
    for (const name of scope.module.module.resources.keys()) {
      const resource = name.startsWith(`${type}.`) ? scope.module.resource(name) : null;
      if (!(resource instanceof Resource)) continue;
      for (const instance of resource.instances()) {
        const value = identityOf(instance, attribute);
        const text = `${name}${keyText(instance)}.${attribute}`;
        if (value?.kind !== "string" || value.sensitive || (isInJson(expression) && text.includes('"')))
          continue;
        found.set(value.value, [...(found.get(value.value) ?? []), text]);
      }
    }
  }
  return new Map(
    [...found].flatMap(([value, [text, ...more]]) => (text && more.length === 0 ? [[value, text]] : [])),
  );
}

function isInJson({ file }: Located["expression"]): boolean {
  return file.path.endsWith(".json");
}

function kindOf(reference: Reference, scope: ModuleScope, context: Located["context"]): Kind[] {
  try {
    const target = scope.target(reference, context);
    if (target.kind !== "attribute" || target.consumed < reference.steps.length) return [];
    const { node, name } = target;
    if (!(node instanceof ResourceInstance) || node.address.mode !== "managed") return [];
    const { type } = node.address;
    return isIdentity(type, name) && identityOf(node, name) !== null ? [{ type, attribute: name }] : [];
  } catch (error) {
    if (error instanceof EvaluationError) return [];
    throw error;
  }
}

/** Also the id that is called after the type: `aws_kms_key.key_id`, `aws_route53_zone.zone_id`. */
function isIdentity(type: string, attribute: string): boolean {
  const [, noun] = /^(.+)_id$/.exec(attribute) ?? [];
  return IDENTITIES.has(attribute) || (noun !== undefined && `_${type}`.endsWith(`_${noun}`));
}

/**
 * What names an instance, as the provider gave it, or still will. Null where the code says it: two resources that are
 * given the same are not one because of that.
 */
function identityOf(instance: ResourceInstance, attribute: string): Value | null {
  const value = instance.attribute(attribute);
  return value.origin.kind === "state" ? value : null;
}

function distinct(kinds: readonly Kind[]): readonly Kind[] {
  return [...new Map(kinds.map((kind) => [`${kind.type}.${kind.attribute}`, kind])).values()];
}

function keyText({ address: { key } }: ResourceInstance): string {
  if (key === null) return "";
  return typeof key === "number" ? `[${key}]` : `[${quoteString(key)}]`;
}

/** Edits that write values, with references to what has these values; `count`: how many. Null where nothing has one. */
export function withReferences(
  place: Located,
  edits: readonly Edit[],
): { readonly edits: readonly Edit[]; readonly count: number } | null {
  const { expression } = place;
  const isText = documentOf(expression) !== null || expression.kind === "template";
  const isJson = "json" in expression && expression.json !== undefined;
  // An expression within a text of JSON has its quotes escaped.
  if (isText || isInJson(expression) !== isJson || !edits.some(({ text }) => text.includes('"'))) return null;
  const known = referencesByValue(place);
  let count = 0;
  const named = edits.map((edit) => {
    const text = edit.text.replace(/"(?:[^"\\]|\\.)*"/g, (written) => {
      const reference = [...known].find(([value]) => quoteString(value) === written);
      if (reference === undefined) return written;
      count += 1;
      return isJson ? `"\${${reference[1]}}"` : reference[1];
    });
    return { ...edit, text };
  });
  return count === 0 ? null : { edits: named, count };
}

/** The edit of a reference that makes it one to what has the wanted value; null where nothing of its kind has it. */
export function otherReference(place: Located, wanted: Json): readonly Edit[] | null {
  const { expression, path } = place;
  const isReference = ["get-attribute", "index"].includes(expression.kind) && path.length === 0;
  if (!isReference || typeof wanted !== "string" || documentOf(expression) !== null) return null;
  const text = referencesByValue(place).get(wanted);
  const { file, start, end } = expression;
  return text === undefined ? null : [{ file: file.path, start, end, text }];
}
