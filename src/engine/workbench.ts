import type { Adoption, Finding } from "../drift/model.ts";
import { compareStack } from "../drift/stack.ts";
import type { FunctionTable, Limits } from "../hcl/functions/function.ts";
import type { Json } from "../json/json.ts";
import { type Adopted, findAdoptions, refusedAdoption } from "../reconcile/adoption.ts";
import { blastRadius } from "../reconcile/blast-radius.ts";
import type { Repository } from "../reconcile/what-if.ts";
import { references } from "../terraform/dependencies.ts";
import { type Evaluation, evaluateStack, type StackInputs } from "../terraform/evaluation.ts";
import { ParsedFiles } from "../terraform/parsed-files.ts";
import type { Snapshot } from "../terraform/snapshot.ts";
import { parseState } from "../terraform/state.ts";
import { adoptTogether } from "./adopted-set.ts";
import type {
  AdoptedSet,
  CompareRequest,
  CompareResult,
  StackFinding,
  StackOverview,
  StackRequest,
  TraceRequest,
  TraceResult,
} from "./api.ts";
import { evalDocument } from "./eval-document.ts";
import { goalOf } from "./goals.ts";
import { maskedAttributes } from "./masked.ts";
import { maskedDiff } from "./masked-literals.ts";
import { plainDiagnostic } from "./places.ts";
import { secretsOf } from "./secrets.ts";
import { type SensitiveLiterals, sensitiveLiterals } from "./sensitive-literals.ts";
import { traceDocument } from "./trace-document.ts";
import { managedInstances, truthsOf } from "./truths.ts";

/** The work of the engine process over one snapshot. Everything is computed here, and nothing is written anywhere. */
export class Workbench {
  readonly #snapshot: Snapshot;
  readonly #functions: FunctionTable;
  readonly #limits: Limits;
  #repository: Repository | null = null;
  #literals: SensitiveLiterals | null = null;

  constructor(snapshot: Snapshot, functions: FunctionTable, limits: Limits) {
    this.#snapshot = snapshot;
    this.#functions = functions;
    this.#limits = limits;
  }

  open(stacks: readonly StackRequest[]): StackOverview[] {
    const files = new ParsedFiles(this.#snapshot);
    const evaluate = (sources: ParsedFiles, inputs: StackInputs) =>
      evaluateStack(sources, inputs, this.#functions, this.#limits);
    const evaluated = stacks.map(({ name, state, root, settings, workspace }) => {
      const document = state === null ? null : parseState(state.text, state.file);
      return { name, evaluation: evaluate(files, { root, settings, workspace, state: document }) };
    });
    this.#repository = { files, stacks: evaluated, evaluate };
    this.#literals = null;
    return evaluated.map(({ name, evaluation }) => overviewOf(name, evaluation));
  }

  evaluated(stack: string): Json {
    return evalDocument(this.#evaluation(stack));
  }

  compare(request: CompareRequest): CompareResult {
    const instances = truthsOf(this.#evaluation(request.stack), {
      observations: new Map(request.observations),
      identities: new Map(request.identities),
    });
    const { repository, stack, key } = request;
    const context = { repository, stack, key, now: new Date(request.now) };
    return compareStack({ instances, unmanaged: request.unmanaged }, request.book, context);
  }

  adoptions(stack: string, findings: readonly Finding[]): Adoption[] {
    return findings.map((finding) => {
      const goal = goalOf(stack, finding);
      if ("refusal" in goal) return refusedAdoption(goal.refusal);
      const { files, ...rest } = bestOf(findAdoptions(this.#open(), goal, 1));
      return { ...rest, files: files.map((file) => this.#masked(file)) };
    });
  }

  adoptAll(findings: readonly StackFinding[]): AdoptedSet {
    const { files, ...rest } = adoptTogether(this.#open(), findings);
    return { ...rest, files: files.map((file) => this.#masked(file)) };
  }

  dependents(stack: string, addresses: readonly string[]): (readonly string[])[] {
    const radiusOf = blastRadius(references(this.#evaluation(stack)));
    return addresses.map((address) => {
      const { direct, transitive } = radiusOf(address);
      return [...direct, ...transitive];
    });
  }

  trace(request: TraceRequest): TraceResult {
    return traceDocument(this.#open(), request, this.#sensitive());
  }

  /** With a diff that shows no sensitive literal beside what it changes; the file's text is left as it is. */
  #masked<File extends { readonly path: string; readonly diff: string }>(file: File): File {
    const spans = this.#sensitive().get(file.path) ?? [];
    const text = this.#open().files.get(file.path)?.file.text ?? "";
    return { ...file, diff: maskedDiff(file.diff, text, spans) };
  }

  #sensitive(): SensitiveLiterals {
    this.#literals ??= sensitiveLiterals(this.#open().stacks.map(({ evaluation }) => evaluation));
    return this.#literals;
  }

  #open(): Repository {
    if (this.#repository === null) throw new Error("no stack is open yet");
    return this.#repository;
  }

  #evaluation(stack: string): Evaluation {
    const found = this.#open().stacks.find(({ name }) => name === stack);
    if (found === undefined) throw new Error(`the stack ${JSON.stringify(stack)} is not open`);
    return found.evaluation;
  }
}

function bestOf({ proven, refusal }: Adopted): Adoption {
  const [best] = proven;
  return best === undefined ? refusedAdoption(refusal ?? "") : best.adoption;
}

function overviewOf(name: string, evaluation: Evaluation): StackOverview {
  const { state } = evaluation.inputs;
  const problems = (state?.problems ?? []).map((message) => ({
    severity: "warning" as const,
    message,
    range: null,
  }));
  return {
    name,
    state: state && { serial: state.serial, lineage: state.lineage },
    diagnostics: [...evaluation.diagnostics, ...problems].map(plainDiagnostic),
    instances: managedInstances(evaluation).map(({ address, type, instance, recorded, undecided }) => {
      const desired = instance === null ? null : maskedAttributes(instance);
      const sensitive = instance === null ? [] : instance.plain().sensitive;
      const importId = evaluation.imports.get(address) ?? null;
      const attributes = recorded?.attributes ?? null;
      return { address, type, desired, sensitive, recorded: attributes, importId, undecided };
    }),
    damaged: state?.damaged ?? [],
    secrets: secretsOf(evaluation),
    broken: evaluation.broken,
  };
}
