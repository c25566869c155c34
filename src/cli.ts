import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { evalCommand } from "./commands/eval.ts";
import { scanCommand } from "./commands/scan.ts";
import type { Terminal } from "./commands/terminal.ts";
import { traceCommand } from "./commands/trace.ts";

/** Errors whose message says what happened and what to do; a stack trace would only hide it. */
const EXPECTED = new Set([
  "UsageError",
  "StateError",
  "CheckoutError",
  "EngineFailure",
  "EngineStopped",
  "NotWritten",
]);

/** Runs the command line and gives the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const { stdout, stderr, env: environment } = process;
  const terminal: Terminal = { stdout, stderr, environment };
  let code = 0;
  const program = new Command("driftwright")
    .description(
      "Finds what differs between Terraform code, its state and the cloud, and the line that decides it.",
    )
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError("(--help shows the options)");
  for (const create of [scanCommand, traceCommand, evalCommand]) {
    const command = create(terminal, (result) => {
      code = result;
    });
    program.addCommand(command.exitOverride().showHelpAfterError("(--help shows the options)"));
  }
  // A reader that has seen enough (`| head`) is no error, and what is left to be done is done.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") process.exit(1);
    });
  }
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (!(error instanceof Error) || !EXPECTED.has(error.name)) throw error;
    stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: string }).version);
}
