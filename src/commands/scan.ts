import { randomBytes } from "node:crypto";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import { localState, snapshotState } from "../backends/local.ts";
import { exitCodeOf } from "../drift/exit-code.ts";
import type { Inventory } from "../drift/inventory.ts";
import type { Diagnostic, StackResult } from "../drift/model.ts";
import { startEngine } from "../engine/engine.ts";
import { printJson } from "../json/json.ts";
import { scanDocument } from "../reports/document.ts";
import { startProgress } from "../reports/progress.ts";
import { Redaction } from "../reports/redaction.ts";
import { renderDiagnostics, renderScan } from "../reports/terminal.ts";
import type { Asked, PlannedStack } from "../scan/plan.ts";
import type { ScanPorts, ScanSettings } from "../scan/ports.ts";
import { type ScanResult, scan } from "../scan/scan.ts";
import { type Checkout, openCheckout } from "../sources/checkout.ts";
import { rootRelative } from "../sources/root-path.ts";
import type { StateSource } from "../terraform/state-source.ts";
import { type LoadedConfig, loadConfig } from "./config-file.ts";
import { type Folders, foldersOf, type StackOptions, settingsOf, stackCommand } from "./options.ts";
import { writeReports } from "./reports-folder.ts";
import { excerptFrom, refusals } from "./session.ts";
import { type Terminal, wantsColor, widthOf } from "./terminal.ts";
import { writeEdits } from "./write-edits.ts";

interface ScanOptions extends StackOptions {
  readonly cloud?: "aws";
  readonly config?: string;
  readonly out?: string;
  readonly write: boolean;
}

type Given = ReturnType<typeof stackCommand>["given"];

/** `driftwright scan`: compares code, state and cloud of a checkout. */
export function scanCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const { command, given } = stackCommand(
    "scan",
    "Compare the code, the state and the cloud of a checkout. Reads only, unless --write or --out is given.",
  );
  return command
    .addOption(
      new Option("--cloud <clouds>", "clouds to read, with your own read-only credentials").choices(["aws"]),
    )
    .option("--config <file>", "configuration (default: .github/driftwright.yml in the root)")
    .option("--write", "apply the edits that adopt what a rule judged intentional", false)
    .option("--out <dir>", "write every pull request, issue and check run as Markdown into this folder")
    .addHelpText("after", EXAMPLES)
    .action(async (options: ScanOptions) => exit(await scanCheckout(options, given, terminal)));
}

const EXAMPLES = `
Without --state, --var-file, --var or --workspace every stack below --dir is scanned.

Examples:
  $ driftwright scan --dir . --cloud aws
  $ driftwright scan --dir infra --state prod.tfstate --var-file infra/prod.tfvars --cloud aws --json
  $ driftwright scan --dir . --cloud aws --write

Exit codes: 0 nothing differs, 2 something differs because of a change outside of the code, 1 anything failed or is
incomplete.`;

async function scanCheckout(options: ScanOptions, given: Given, terminal: Terminal): Promise<number> {
  const { stdout, stderr, environment } = terminal;
  const folders = foldersOf(options);
  const checkout = openCheckout(folders.root);
  const config = loadConfig(checkout, options.config, new Date());
  const progress = startProgress(stderr, () => performance.now());
  const inventories = await inventoriesFor(options);
  const settings: ScanSettings = {
    repository: "local",
    ref: checkout.git.ref,
    commit: checkout.git.commit,
    config: config.effective,
    key: environment["DRIFTWRIGHT_KEY"] ?? randomBytes(32).toString("hex"),
  };
  const result = await scan(
    askedFor(options, given, folders),
    settings,
    portsFor(checkout, inventories, progress.step),
  );
  progress.done();

  const stacks = withRepositoryProblems(result, config, checkout, options);
  const redaction = new Redaction(result.secrets);
  const excerpt = excerptFrom(checkout);
  const notScanned = result.notScanned.map(({ kind, path }) => ({ path, tool: TOOLS[kind] }));
  const general = [
    ...result.diagnostics,
    ...(stacks.length === 0 ? [...config.diagnostics, noStacks(options)] : []),
  ];
  const page = { excerpt, redaction };
  stderr.write(
    renderDiagnostics(general, { ...page, color: wantsColor(stderr, environment), width: widthOf(stderr) }),
  );
  if (options.json) stdout.write(`${printJson(scanDocument(stacks, redaction), 2)}\n`);
  else {
    const color = wantsColor(stdout, environment);
    stdout.write(renderScan(stacks, { ...page, color, width: widthOf(stdout), notScanned }));
  }
  if (options.out !== undefined) {
    const count = await writeReports(resolve(options.out), stacks, { redaction, notScanned });
    stderr.write(`wrote ${count} files to ${options.out}\n`);
  }
  if (options.write) await applyEdits(result, config, folders, checkout, stderr);
  return stacks.length === 0 ? 1 : exitCodeOf(stacks);
}

const TOOLS = {
  terragrunt: "Terragrunt",
  cloudformation: "CloudFormation",
  kubernetes: "Kubernetes",
  pulumi: "Pulumi",
  "terraform-json": "Terraform's JSON syntax",
} as const;

/** The SDKs are loaded only where a cloud is asked for: they take half a second. */
async function inventoriesFor({ cloud }: ScanOptions): Promise<Inventory[]> {
  if (cloud === undefined) return [];
  const { createAwsInventory } = await import("../inventory/aws/inventory.ts");
  return [createAwsInventory()];
}

function askedFor(options: ScanOptions, given: Given, folders: Folders): Asked {
  const { state, workspace } = options;
  const settings = settingsOf(given, folders);
  const isOne = state !== undefined || workspace !== undefined || settings.length > 0;
  const file = state === undefined ? null : resolve(state);
  return {
    folder: folders.folder,
    repository: basename(folders.root),
    only: isOne
      ? {
          settings,
          workspace: workspace ?? null,
          state: file === null ? null : { file, inRoot: rootRelative(folders.root, file) },
        }
      : null,
  };
}

function portsFor(
  checkout: Checkout,
  inventories: readonly Inventory[],
  progress: (message: string) => void,
): ScanPorts {
  return {
    snapshot: checkout,
    startEngine: () => startEngine(checkout),
    stateOf: ({ state }: PlannedStack): StateSource | null => {
      if (state.kind === "given") return localState(state.file);
      return state.kind === "snapshot" ? snapshotState(checkout, state.file) : null;
    },
    inventories,
    // A checkout has no scans before this one to look back on.
    historyOf: () => ({ literalChangedAt: null, stateWrittenAt: null, agreedAt: null }),
    now: () => new Date(),
    progress,
  };
}

/** What is wrong with the repository as a whole stands against each of its stacks. */
function withRepositoryProblems(
  { stacks }: ScanResult,
  config: LoadedConfig,
  checkout: Checkout,
  options: ScanOptions,
): StackResult[] {
  const problems: Diagnostic[] = [...config.diagnostics, ...refusals(checkout)];
  const isBroken = problems.some(({ severity }) => severity === "error");
  return stacks.map((stack) => {
    const unread = options.cloud === undefined && stack.status === "complete" && stack.coverage.instances > 0;
    const diagnostics = [...stack.diagnostics, ...problems, ...(unread ? [NO_CLOUD] : [])];
    const status = stack.status === "complete" && (isBroken || unread) ? "incomplete" : stack.status;
    return { ...stack, status, diagnostics };
  });
}

const NO_CLOUD: Diagnostic = {
  severity: "warning",
  message: "no cloud was read, so only code and state were compared; add --cloud aws",
  file: null,
  line: null,
  column: null,
};

function noStacks({ dir }: ScanOptions): Diagnostic {
  return {
    severity: "error",
    message: `there is no Terraform stack in ${dir}: no folder with .tf files and a backend, a state or an entry in the configuration; give --dir the folder of a root module`,
    file: null,
    line: null,
    column: null,
  };
}

async function applyEdits(
  { adopted, stacks }: ScanResult,
  config: LoadedConfig,
  { root }: Folders,
  checkout: Checkout,
  stderr: NodeJS.WriteStream,
): Promise<void> {
  if (config.broken) {
    stderr.write("nothing is written while the configuration has errors\n");
    return;
  }
  const findings = new Map(
    stacks.flatMap((stack) => stack.findings).map((finding) => [finding.fingerprint, finding]),
  );
  for (const { fingerprint, why } of adopted.left) {
    stderr.write(`not adopted: ${findings.get(fingerprint)?.address ?? fingerprint}: ${why}\n`);
  }
  await writeEdits(root, checkout, adopted.files);
  if (adopted.files.length === 0)
    stderr.write("nothing to write: no rule judged a drift intentional that can be adopted\n");
  else for (const { path } of adopted.files) stderr.write(`wrote ${path}\n`);
}
