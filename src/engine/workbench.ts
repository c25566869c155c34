import type { Adoption, Finding } from "../drift/model.ts";
import { compareStack } from "../drift/stack.ts";
import type { FunctionTable, Limits } from "../hcl/functions/function.ts";
import { blastRadius } from "../reconcile/blast-radius.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { UnseenStack } from "../reconcile/unseen-stack.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import type { ExternalModules } from "../terraform/code/installed-modules.ts";
import { readStackCode } from "../terraform/code/stack-code.ts";
import { references } from "../terraform/evaluation/dependencies.ts";
import { type Evaluation, evaluateStack, type StackInputs } from "../terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../terraform/source/parsed-files.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import { visibleAttributes, withHiddenSecrets } from "../terraform/state/hidden-state.ts";
import { parseState, type StateDocument } from "../terraform/state/state.ts";
import { adoptTogether } from "./adopted-set.ts";
import { adoptionsAlone } from "./adoptions-alone.ts";
import type {
  AbsentInstance,
  AdoptedSet,
  CompareRequest,
  CompareResult,
  DecidingRequest,
  EvaluatedPage,
  Lines,
  StackFinding,
  StackOverview,
  StackRequest,
  TraceRequest,
  TraceResult,
} from "./api.ts";
import { decidingLines } from "./deciding-lines.ts";
import { declaredBy, undeclaredBy } from "./declared.ts";
import { evaluatedPage } from "./eval-document.ts";
import { wishOf } from "./goals.ts";
import { maskedDiff } from "./masked-diff.ts";
import { plainDiagnostic } from "./places.ts";
import { recordedSecrets, secretsOf } from "./secrets.ts";
import { type SensitiveLiterals, sensitiveLiterals } from "./sensitive-literals.ts";
import { traceDocument } from "./trace-document.ts";
import { type ManagedInstance, managedInstances, truthsOf } from "./truths.ts";

/** The work of the engine process over one snapshot. Everything is computed here, and nothing is written anywhere. */
export class Workbench {
  readonly #snapshot: Snapshot;
  readonly #functions: FunctionTable;
  readonly #limits: Limits;
  readonly #settle: () => void;
  readonly #modules: ExternalModules | undefined;
  readonly #files: ParsedFiles;
  #repository: Repository | null = null;
  #literals: SensitiveLiterals | null = null;
  /** The secrets of the states, by evaluation. */
  readonly #recorded = new WeakMap<Evaluation, ReadonlySet<string>>();

  /** `settle` throws where code that was read is not the snapshot's, since that has still to be asked for. */
  constructor(
    snapshot: Snapshot,
    functions: FunctionTable,
    limits: Limits,
    settle: () => void = () => {},
    modules?: ExternalModules,
  ) {
    this.#snapshot = snapshot;
    this.#functions = functions;
    this.#limits = limits;
    this.#settle = settle;
    this.#modules = modules;
    this.#files = new ParsedFiles(snapshot);
  }

  open(
    stacks: readonly StackRequest[],
    unseen: readonly Pick<StackRequest, "name" | "root" | "settings">[] = [],
  ): StackOverview[] {
    const files = this.#files;
    const modules = this.#modules;
    for (const { root, settings } of stacks) readStackCode(files, root, settings, modules);
    this.#settle();
    const evaluate = (sources: ParsedFiles, inputs: StackInputs) =>
      evaluateStack(
        sources,
        modules === undefined ? inputs : { ...inputs, modules },
        this.#functions,
        this.#limits,
      );
    const evaluated = stacks.map((request) => {
      const { name, root, settings, workspace } = request;
      return { name, evaluation: evaluate(files, { root, settings, workspace, state: stateOf(request) }) };
    });
    this.#repository = { files, stacks: evaluated, unseen: unseen.map(unseenStack), evaluate };
    this.#literals = null;
    return evaluated.map(({ name, evaluation }, index) => {
      const listed = stacks[index]?.brief === true ? [] : managedInstances(evaluation);
      return overviewOf(name, evaluation, listed, this.#snapshot);
    });
  }

  evaluated(stack: string, from = 0): EvaluatedPage {
    const evaluation = this.#evaluation(stack);
    const secrets = this.#recorded.get(evaluation) ?? recordedSecrets(evaluation);
    this.#recorded.set(evaluation, secrets);
    return evaluatedPage(evaluation, from, undefined, secrets);
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

  adoptions(stack: string, findings: readonly Finding[], others: readonly StackFinding[] = []): Adoption[] {
    const repository = this.#open();
    const wanted = others.flatMap((other) => wishOf(repository, other) ?? []);
    return adoptionsAlone(repository, stack, findings, wanted).map((each) => this.#withMasked(each));
  }

  adoptAll(findings: readonly StackFinding[], absent: readonly AbsentInstance[] = []): AdoptedSet {
    const { files, groups, ...rest } = adoptTogether(this.#open(), findings, absent);
    return {
      ...rest,
      files: files.map((file) => this.#masked(file)),
      groups: groups.map(({ fingerprints, adoption }) => {
        return { fingerprints, adoption: this.#withMasked(adoption) };
      }),
    };
  }

  #withMasked(adoption: Adoption): Adoption {
    return { ...adoption, files: adoption.files.map((file) => this.#masked(file)) };
  }

  dependents(stack: string, addresses: readonly string[]): (readonly string[])[] {
    const radiusOf = blastRadius(references(this.#evaluation(stack)));
    return addresses.map((address) => {
      const { direct, transitive } = radiusOf(address);
      return [...direct, ...transitive];
    });
  }

  trace(request: TraceRequest): TraceResult {
    const evaluation = this.#evaluation(request.stack);
    return withWholeBudget(evaluation, () => traceDocument(this.#open(), request, this.#sensitive()));
  }

  deciding(request: DecidingRequest): Lines[] {
    const evaluation = this.#evaluation(request.stack);
    return withWholeBudget(evaluation, () => decidingLines(evaluation, request));
  }

  /** With a diff that shows no sensitive literal beside what it changes; the file's text is left as it is. */
  #masked<File extends { readonly path: string; readonly diff: string }>(file: File): File {
    const spans = this.#sensitive().get(file.path) ?? [];
    const text = this.#open().files.get(file.path)?.file.text ?? "";
    return { ...file, diff: maskedDiff(file.diff, text, spans).diff };
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

function unseenStack({
  name,
  root,
  settings,
}: Pick<StackRequest, "name" | "root" | "settings">): UnseenStack {
  return { name, root, files: settings.flatMap((given) => (given.kind === "file" ? [given.path] : [])) };
}

function stateOf({ state, hideSecrets }: StackRequest): StateDocument | null {
  if (state === null) return null;
  const document = parseState(state.text, state.file);
  return hideSecrets === true ? withHiddenSecrets(document) : document;
}

function overviewOf(
  name: string,
  evaluation: Evaluation,
  listed: readonly ManagedInstance[],
  snapshot: Snapshot,
): StackOverview {
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
    instances: listed.map(({ address, type, instance, recorded, undecided }) => {
      const { root } = evaluation;
      const declared = instance === null ? undeclaredBy(root, recorded) : declaredBy(root, instance);
      const importId = evaluation.imports.get(address) ?? null;
      const attributes = recorded === null ? null : visibleAttributes(recorded);
      return { address, type, ...declared, recorded: attributes, importId, undecided };
    }),
    damaged: state?.damaged ?? [],
    secrets: secretsOf(evaluation),
    broken: evaluation.broken,
    root: evaluation.inputs.root,
    files: [...evaluation.files].filter((path) => snapshot.read(path) !== undefined).sort(),
  };
}
