import type { Command } from "commander";
import { exitCodeOf } from "../drift/exit-code.ts";
import type { Diagnostic } from "../drift/model.ts";
import { printJson } from "../json/json.ts";
import { scanDocument } from "../reports/document.ts";
import { startProgress } from "../reports/progress.ts";
import { Redaction } from "../reports/redaction.ts";
import { renderDiagnostics, renderScan } from "../reports/terminal.ts";
import { scan } from "../scan/scan.ts";
import { openCheckout } from "../sources/checkout.ts";
import { askedFor, checkoutPorts, checkoutSettings } from "./checkout-scan.ts";
import { type Cloud, inventoriesFor, readClouds } from "./clouds.ts";
import { loadConfig } from "./config-file.ts";
import { fetchedModules } from "./fetched-modules.ts";
import { foldersOf, type StackOptions, stackCommand } from "./options.ts";
import { reportsFolder } from "./reports-folder.ts";
import { repositoryProblems, withProblems } from "./repository-problems.ts";
import { excerptFrom } from "./session.ts";
import { type Terminal, wantsColor, widthOf } from "./terminal.ts";
import { writeResults } from "./write-results.ts";

interface ScanOptions extends StackOptions {
  readonly cloud: readonly Cloud[];
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
    .option("--cloud <clouds>", "clouds to read, with your own read-only credentials: aws", readClouds, [])
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
  const asked = askedFor(options, given, folders);
  const out = options.out === undefined ? null : reportsFolder(options.out);
  const checkout = openCheckout(folders.root);
  const config = loadConfig(checkout, options.config, new Date());
  const inventories = await inventoriesFor(options.cloud);

  const progress = startProgress(stderr, () => performance.now());
  const shelf = fetchedModules(options, checkout, environment);
  const ports = checkoutPorts({ checkout, shelf }, inventories, progress.step);
  const result = await scan(asked, checkoutSettings(checkout, config, environment), ports);
  progress.done();

  const problems = repositoryProblems(result, config, checkout);
  // The document has no other place for what stands against the whole repository; people read it once, above.
  const stacks = result.stacks.map((stack) =>
    withProblems(stack, [...problems.of(stack), ...problems.shared]),
  );
  const notScanned = result.notScanned.map(({ kind, path }) => ({ path, tool: TOOLS[kind] }));
  const redaction = new Redaction(result.secrets);
  // Written first: whoever reads the output may go away in the middle of it (`| head`).
  const written = await writeResults(result, stacks, {
    root: options.write ? folders.root : null,
    out,
    checkout,
    isConfigBroken: config.broken,
    reports: { redaction, notScanned },
  });

  const page = { excerpt: excerptFrom(shelf ?? checkout), redaction };
  const general = [
    ...problems.shared,
    ...result.diagnostics,
    ...(stacks.length === 0 ? [noStacks(options)] : []),
  ];
  stderr.write(
    renderDiagnostics(general, { ...page, color: wantsColor(stderr, environment), width: widthOf(stderr) }),
  );
  if (options.json) {
    stdout.write(`${printJson(scanDocument(stacks, redaction), 2)}\n`);
    for (const { path, tool } of notScanned) stderr.write(`found, not scanned yet: ${path} (${tool})\n`);
  } else {
    const shown = result.stacks.map((stack, index) => ({
      ...withProblems(stack, problems.of(stack)),
      status: stacks[index]?.status ?? stack.status,
    }));
    const color = wantsColor(stdout, environment);
    const { shared } = result;
    const done = { write: options.write, out: out !== null };
    stdout.write(renderScan(shown, { ...page, color, width: widthOf(stdout), notScanned, shared, done }));
  }
  for (const message of written.messages) stderr.write(`${redaction.clean(message)}\n`);
  const isBroken = written.failed || general.some(({ severity }) => severity === "error");
  return isBroken ? 1 : exitCodeOf(stacks);
}

const TOOLS = {
  terragrunt: "Terragrunt",
  cloudformation: "CloudFormation",
  kubernetes: "Kubernetes",
  pulumi: "Pulumi",
} as const;

function noStacks({ dir }: ScanOptions): Diagnostic {
  return {
    severity: "error",
    message: `there is no Terraform stack in ${dir}: no folder with .tf files and a backend, a state or an entry in the configuration; give --dir the folder of a root module`,
    file: null,
    line: null,
    column: null,
  };
}
