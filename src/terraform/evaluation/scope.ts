import {
  type EvaluationContext,
  EvaluationError,
  type Reference,
  type Resolved,
  type Scope,
} from "../../hcl/evaluation/context.ts";
import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import { BOOL } from "../../hcl/values/type.ts";
import { stringValue, unknownValue, type Value } from "../../hcl/values/value.ts";
import type { InstanceKey } from "../address.ts";
import { isKnownAttribute, knownAttributes } from "../code/terraform-data.ts";
import { relativePath } from "../source/snapshot.ts";
import type { CallNode, InstanceNode, ModuleNode, NamedNode, ResourceNode } from "./nodes.ts";
import { instanceKey, literalKey, nameAt, type UsedKey } from "./reference-steps.ts";
import type { StackDocuments } from "./stack-documents.ts";

/** What a reference names, as far as the module knows it, and how many of its steps that took. */
export type Target =
  | {
      readonly kind: "named";
      readonly what: "variable" | "local" | "output";
      readonly node: NamedNode;
      readonly consumed: number;
    }
  | {
      readonly kind: "attribute";
      readonly node: InstanceNode;
      readonly name: string;
      readonly consumed: number;
    }
  | (Whole & { readonly kind: "whole"; readonly consumed: number })
  | { readonly kind: "value"; readonly value: Value; readonly consumed: number };

/** What a reference means as a whole: all instances of a block, or one of them. */
export type Whole =
  | { readonly what: "resource"; readonly node: ResourceNode }
  | { readonly what: "instance"; readonly node: InstanceNode }
  | { readonly what: "call"; readonly node: CallNode }
  | { readonly what: "module"; readonly node: ModuleNode };

export interface Surroundings {
  readonly workspace: string;
  /** Folder of the root module in the snapshot. */
  readonly root: string;
  readonly documents: StackDocuments;
}

/** Gives the references of one module instance their values. */
export class ModuleScope implements Scope {
  readonly #module: () => ModuleNode;
  readonly #surroundings: Surroundings;

  constructor(module: () => ModuleNode, surroundings: Surroundings) {
    this.#module = module;
    this.#surroundings = surroundings;
  }

  /** What the stack's functions have read from files. */
  get documents(): StackDocuments {
    return this.#surroundings.documents;
  }

  /** The module whose references these are. */
  get module(): ModuleNode {
    return this.#module();
  }

  /** The folder from which paths of files count. */
  get root(): string {
    return this.#surroundings.root;
  }

  resolve(reference: Reference, context: EvaluationContext): Resolved {
    const target = this.target(reference, context);
    const key = literalKey(reference.steps[target.consumed]);
    return { value: targetValue(target, key), consumed: target.consumed };
  }

  /** @throws EvaluationError where there is no such thing. */
  target(reference: Reference, context: EvaluationContext): Target {
    const { root, steps } = reference;
    switch (root.name) {
      case "var":
        return this.#named(reference, "variable");
      case "local":
        return this.#named(reference, "local");
      case "module":
        return this.#call(reference, context);
      case "data": {
        const [type, name] = [nameAt(steps, 0), nameAt(steps, 1)];
        if (type === null || name === null) throw incomplete(reference, "data.TYPE.NAME");
        return this.#resource(`data.${type}.${name}`, 2, reference, context);
      }
      case "resource": {
        const [type, name] = [nameAt(steps, 0), nameAt(steps, 1)];
        if (type === null || name === null) throw incomplete(reference, "resource.TYPE.NAME");
        return this.#resource(`${type}.${name}`, 2, reference, context);
      }
      case "ephemeral":
        return { kind: "value", value: unknownValue(), consumed: steps.length };
      case "path":
        return { kind: "value", value: this.#pathValue(reference), consumed: 1 };
      case "terraform":
      // OpenTofu's name for the same.
      case "tofu":
        if (nameAt(steps, 0) === "applying") return { kind: "value", value: unknownValue(BOOL), consumed: 1 };
        if (nameAt(steps, 0) !== "workspace") throw incomplete(reference, "terraform.workspace");
        return {
          kind: "value",
          value: stringValue(this.#surroundings.workspace, { kind: "setting", name: "workspace" }),
          consumed: 1,
        };
      case "each":
      case "count":
      case "self":
        throw new EvaluationError(`${JSON.stringify(root.name)} has no meaning here`, root);
      default: {
        const name = nameAt(steps, 0);
        if (name === null) {
          throw new EvaluationError(
            `there is no ${JSON.stringify(root.name)}; a reference starts with var, local, module, data or a resource type`,
            root,
          );
        }
        return this.#resource(`${root.name}.${name}`, 1, reference, context);
      }
    }
  }

  #named(reference: Reference, what: "variable" | "local"): Target {
    const name = nameAt(reference.steps, 0);
    if (name === null) throw incomplete(reference, `${reference.root.name}.NAME`);
    const module = this.#module();
    const node = what === "variable" ? module.variable(name) : module.local(name);
    if (node === null && what === "local" && module.module.unreadLocals.has(name))
      return { kind: "value", value: unknownValue(), consumed: reference.steps.length };
    if (node === null) {
      const names = what === "variable" ? module.module.variables : module.module.locals;
      throw new EvaluationError(
        `there is no ${what} ${JSON.stringify(name)} in ${where(module)}${didYouMean(name, names.keys())}`,
        reference.steps[0] ?? reference.root,
      );
    }
    return { kind: "named", what, node, consumed: 1 };
  }

  #call(reference: Reference, context: EvaluationContext): Target {
    const { steps } = reference;
    const name = nameAt(steps, 0);
    const module = this.#module();
    const call = name === null ? null : module.call(name);
    if (name === null || call === null) {
      throw new EvaluationError(
        `there is no module call ${JSON.stringify(name ?? "")} in ${where(module)}${didYouMean(name ?? "", module.module.calls.keys())}`,
        reference.root,
      );
    }
    if (!call.available) return { kind: "value", value: unknownValue(), consumed: steps.length };
    const { key, consumed, sensitive } = instanceKey(steps, 1, context);
    if (key === undefined) return { kind: "whole", what: "call", node: call, consumed };
    const child = call.instance(key);
    if (child === null)
      return this.#missingInstance(
        { what: "call", node: call },
        { key, consumed, sensitive },
        `module.${name}`,
        reference,
      );
    const output = nameAt(steps, consumed);
    if (output === null) return { kind: "whole", what: "module", node: child, consumed };
    const node = child.output(output);
    if (node === null) {
      throw new EvaluationError(
        `module.${name} has no output ${JSON.stringify(output)}${didYouMean(output, child.module.outputs.keys())}`,
        steps[consumed] ?? reference.root,
      );
    }
    return { kind: "named", what: "output", node, consumed: consumed + 1 };
  }

  #resource(name: string, from: number, reference: Reference, context: EvaluationContext): Target {
    const { steps } = reference;
    const module = this.#module();
    const resource = module.resource(name);
    if (resource === null) {
      throw new EvaluationError(
        `there is no ${name} in ${where(module)}${didYouMean(name, module.module.resources.keys())}`,
        steps[from - 1] ?? reference.root,
      );
    }
    const { key, consumed, sensitive } = instanceKey(steps, from, context);
    if (key === undefined) return { kind: "whole", what: "resource", node: resource, consumed };
    const instance = resource.instance(key);
    if (instance === null)
      return this.#missingInstance(
        { what: "resource", node: resource },
        { key, consumed, sensitive },
        name,
        reference,
      );
    const attribute = nameAt(steps, consumed);
    if (attribute === null) return { kind: "whole", what: "instance", node: instance, consumed };
    const type = name.startsWith("data.") ? "" : name.slice(0, name.indexOf("."));
    if (!isKnownAttribute(type, attribute)) {
      const hint =
        didYouMean(attribute, knownAttributes(type)) || `; it has ${knownAttributes(type).join(", ")}`;
      throw new EvaluationError(
        `${name} has no attribute ${JSON.stringify(attribute)}${hint}`,
        steps[consumed] ?? reference.root,
      );
    }
    return { kind: "attribute", node: instance, name: attribute, consumed: consumed + 1 };
  }

  #missingInstance(
    whole: Whole,
    { key, consumed, sensitive }: UsedKey & { readonly key: InstanceKey },
    name: string,
    reference: Reference,
  ): Target {
    const all = whole.node.value();
    if (all.kind === "unknown") return { kind: "value", value: all, consumed: reference.steps.length };
    if (key === null) return { ...whole, kind: "whole", consumed };
    throw new EvaluationError(
      `${name} has no instance ${sensitive ? "with this sensitive key" : `[${JSON.stringify(key)}]`}`,
      reference.steps[consumed - 1] ?? reference.root,
    );
  }

  #pathValue(reference: Reference): Value {
    const { root } = this.#surroundings;
    const module = this.#module().module.path;
    switch (nameAt(reference.steps, 0)) {
      case "root":
        return stringValue(".", { kind: "setting", name: "path.root" });
      case "module":
        return stringValue(relativePath(root, module), { kind: "setting", name: "path.module" });
      case "cwd":
        return unknownValue(undefined, { kind: "setting", name: "path.cwd" });
      default:
        throw incomplete(reference, "path.module, path.root or path.cwd");
    }
  }
}

function targetValue(target: Target, key: string | null): Value {
  switch (target.kind) {
    case "named":
      return target.node.value(key);
    case "whole":
      return target.node.value();
    case "attribute":
      return target.node.attribute(target.name, key);
    case "value":
      return target.value;
  }
}

function incomplete(reference: Reference, form: string): EvaluationError {
  return new EvaluationError(
    `the reference is not complete; write ${form}`,
    reference.steps.at(-1) ?? reference.root,
  );
}

function where(module: ModuleNode): string {
  const path = module.path.map((step) => `module.${step.name}`).join(".");
  return path === "" ? "the root module" : path;
}
