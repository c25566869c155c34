import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { Terminal } from "./commands/terminal.ts";

type CreateCommand = (terminal: Terminal, exit: (code: number) => void) => Command;

/** The commands by name, each loaded with all that it needs and nothing else. */
const COMMANDS: ReadonlyMap<string, () => Promise<CreateCommand>> = new Map([
  ["scan", async () => (await import("./commands/scan.ts")).scanCommand],
  ["trace", async () => (await import("./commands/trace.ts")).traceCommand],
  ["eval", async () => (await import("./commands/eval.ts")).evalCommand],
  ["doctor", async () => (await import("./commands/doctor.ts")).doctorCommand],
]);

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
  for (const load of commandsFor(argv)) {
    const create = await load();
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

/** The command that is asked for; all of them where it is help, or a slip of the pen. */
function commandsFor([, , name = ""]: readonly string[]) {
  const asked = COMMANDS.get(name);
  return asked === undefined ? COMMANDS.values() : [asked];
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: string }).version);
}
