import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Body } from "../../hcl/syntax/syntax.ts";
import type { Value } from "../../hcl/values/value.ts";
import type { Path } from "../../json/path.ts";
import type { InstanceKey, ModulePath } from "../address.ts";
import type { Module } from "../code/module.ts";

/** Something with a name that references read: a variable, a local, an output. */
export interface NamedNode {
  /** `key`: the only entry of the value that is looked at, where that is known before. */
  value(key?: string | null): Value;
  /** The expression that gives the value; null where nothing of the repository does. */
  definition(): Definition | null;
}

export interface Definition {
  /** How people call the place: of a module call, a variable file, a variable's default, a local, an output. */
  readonly kind: "argument" | "tfvars" | "default" | "local" | "output";
  readonly located: Located;
}

export interface VariableNode extends NamedNode {
  readonly name: string;
  /** Given from outside of the repository's files, and how: `--var region`. */
  readonly setting: string | null;
  /** Where a value for this variable could be written: the call's body, or the file for the root's variables. */
  readonly assignable: Assignable | null;
  /** What a call or a variable file gives that counts as nothing: null, for a variable that may not be null. */
  leftOut(): Located | null;
  /** The defaults of `optional(…)` in its type that a part of its value may come from, the innermost first. */
  typeDefaults(path: Path): readonly Located[];
}

export type Assignable =
  | { readonly kind: "call"; readonly body: Body }
  | { readonly kind: "tfvars"; readonly body: Body };

/** One instance of a module: the root, or one that a call made. */
export interface ModuleNode {
  readonly path: ModulePath;
  readonly module: Module;
  readonly context: EvaluationContext;
  variable(name: string): VariableNode | null;
  local(name: string): NamedNode | null;
  output(name: string): NamedNode | null;
  /** By `type.name`, data sources by `data.type.name`. */
  resource(name: string): ResourceNode | null;
  call(name: string): CallNode | null;
  /** The outputs as one object. */
  value(): Value;
}

/** A `module` block with the instances it made. */
export interface CallNode {
  /** False where the module's source is not there to be read. */
  readonly available: boolean;
  instance(key: InstanceKey): ModuleNode | null;
  value(): Value;
}

/** A `resource` or `data` block with its instances. */
export interface ResourceNode {
  instance(key: InstanceKey): InstanceNode | null;
  value(): Value;
}

export interface InstanceNode {
  /** An argument as the code gives it, else an attribute as the state has it, else unknown. */
  attribute(name: string, key?: string | null): Value;
  /** The expression of an argument; null where the code does not give it. */
  argument(name: string): Located | null;
  /** Where `ignore_changes` says that the state decides what is at a path; null where it does not. */
  keptAt(path: Path): Range | null;
  value(): Value;
}
