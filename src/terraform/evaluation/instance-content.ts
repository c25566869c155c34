import { isSameContent } from "../../hcl/values/difference.ts";
import type { ObjectValue, Value } from "../../hcl/values/value.ts";
import { isJsonObject, type Json, jsonAt } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type AttributeNames, sensitivePathsIn } from "../schemas/sensitive-attributes.ts";
import { isPrefix, recordedValue } from "../state/recorded-value.ts";
import type { StateInstance } from "../state/state-instance.ts";
import { type EvaluatedBlocks, type EvaluatedBody, valueOfBody } from "./evaluated-body.ts";
import { type IgnoredChanges, isNothing, keptPaths } from "./ignored-changes.ts";
import { blocksLike, withKept } from "./kept-value.ts";
import type { PolicyDocument } from "./policy/policy-document.ts";
import { type PlainValue, toPlain } from "./value-json.ts";

/** What the code says of an instance at one time. */
export class InstanceContent {
  readonly body: EvaluatedBody;
  /** What a data source computes from its arguments; null for all others, and where a part is not known. */
  readonly policy: PolicyDocument | null;
  readonly #recorded: StateInstance | null;
  readonly #ignored: IgnoredChanges;
  readonly #sensitive: readonly AttributeNames[];
  #plain: PlainValue | null = null;

  constructor(
    body: EvaluatedBody,
    recorded: StateInstance | null,
    policy: PolicyDocument | null,
    ignored: IgnoredChanges,
    sensitive: readonly AttributeNames[],
  ) {
    this.body = body;
    this.policy = policy;
    this.#recorded = recorded;
    this.#ignored = ignored;
    this.#sensitive = sensitive;
  }

  /**
   * The same as plain JSON, sensitive values included: for comparing, never for printing. Sensitive is also what the
   * provider's schema says is, by itself or by way of the state: it knows a password, however openly the code writes
   * it. What the state decides (`ignore_changes`) is as the state has it.
   */
  plain(): PlainValue {
    this.#plain ??= this.#toPlain(this.value());
    return this.#plain;
  }

  /** The same as it is written, whatever the state decides. */
  written(): PlainValue {
    const written = valueOfBody(this.body);
    return this.#planned(written) === written ? this.plain() : this.#toPlain(written);
  }

  /** The part of `plain` that arguments and blocks of these names are. */
  plainOf(names: ReadonlySet<string>): PlainValue {
    return this.#toPlain(this.value(names));
  }

  /** Arguments and blocks, all or those of certain names. */
  value(names: ReadonlySet<string> | null = null): ObjectValue {
    return this.#planned(valueOfBody(this.body, names));
  }

  /** With what the state decides. */
  #planned(written: ObjectValue): ObjectValue {
    const recorded = this.#recorded;
    if (recorded === null || isNothing(this.#ignored)) return written;
    const planned = new Map<string, Value>();
    for (const [name, value] of written.entries) {
      const kept = keptPaths(this.#ignored, recorded, name);
      if (kept.length === 0) continue;
      const was = recordedValue(jsonAt(recorded.attributes, [name]) ?? null, recorded, [name]);
      const now = withKept(value, was, kept);
      planned.set(name, now === was && this.body.blocks.has(name) ? blocksLike(was, value) : now);
    }
    return planned.size === 0 ? written : { ...written, entries: new Map([...written.entries, ...planned]) };
  }

  #toPlain(value: Value): PlainValue {
    const own = toPlain(value, [], true);
    const sensitive = [...own.sensitive];
    for (const path of this.#schemaSensitive(own.json))
      if (!sensitive.some((secret) => isPrefix(secret, path))) sensitive.push(path);
    return sensitive.length === own.sensitive.length ? own : { ...own, sensitive };
  }

  /** Paths in `written` that are sensitive whatever the code says: by the schema, as far as it or a state tells. */
  schemaSensitive(): readonly Path[] {
    return this.#schemaSensitive(this.written().json);
  }

  #schemaSensitive(json: Json): Path[] {
    const recorded = (this.#recorded?.sensitive ?? []).filter((path) => jsonAt(json, path) !== undefined);
    if (this.#sensitive.length === 0 || !isJsonObject(json)) return recorded;
    return [...recorded, ...sensitivePathsIn(json, this.#sensitive)];
  }

  /** What the code has at a path, as `plain` shows it; undefined where it has nothing. */
  at(path: Path): Json | undefined {
    return jsonAt(this.plain().json, path);
  }

  /** Whether the path is sensitive, lies in something that is, or holds something that is. */
  isSensitive(path: Path): boolean {
    return this.plain().sensitive.some((secret) => isPrefix(secret, path) || isPrefix(path, secret));
  }
}

/** The names of the arguments and blocks of which bodies of one instance do not say the same at two times. */
export function editedNames(was: EvaluatedBody, is: EvaluatedBody): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [name, { value }] of was.attributes) {
    const now = is.attributes.get(name)?.value;
    if (now === undefined || !isSameContent(value, now)) names.add(name);
  }
  for (const name of is.attributes.keys()) if (!was.attributes.has(name)) names.add(name);
  for (const [type, blocks] of was.blocks) if (!isSameGroup(blocks, is.blocks.get(type))) names.add(type);
  for (const type of is.blocks.keys()) if (!was.blocks.has(type)) names.add(type);
  return names;
}

function isSameGroup(was: EvaluatedBlocks, is: EvaluatedBlocks | undefined): boolean {
  if (is === undefined || (was.unknown === null) !== (is.unknown === null)) return false;
  return (
    was.blocks.length === is.blocks.length &&
    was.blocks.every(({ content }, index) => isSameBody(content, is.blocks[index]?.content))
  );
}

function isSameBody(was: EvaluatedBody, is: EvaluatedBody | undefined): boolean {
  return is !== undefined && (was === is || editedNames(was, is).size === 0);
}
