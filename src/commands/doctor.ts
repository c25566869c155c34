import { Command, InvalidArgumentError, Option } from "commander";
import { type Terminal, wantsColor } from "./terminal.ts";

interface DoctorOptions {
  readonly repository?: { readonly owner: string; readonly name: string };
  readonly role: string;
  readonly json: boolean;
}

/** `driftwright doctor`: whether the GitHub App has all that it needs, and what to do where it has not. */
export function doctorCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("doctor")
    .description(
      "Check all that the GitHub App needs, with the environment that it starts in. Changes nothing.",
    )
    .option("--repository <owner/name>", "look at this repository alone (default: all)", readRepository)
    .addOption(
      new Option("--role <role>", "the role that the process is started with")
        .choices(["all", "web", "worker"])
        .default("all"),
    )
    .option("--json", "print one JSON document on standard output", false)
    .addHelpText("after", EXAMPLES)
    .action(async (options: DoctorOptions) => {
      // Loaded now: the App's parts are many, and the help needs none of them.
      const { runDoctor } = await import("../doctor/run.ts");
      const { stdout, stderr, environment } = terminal;
      const { repository = null, role, json } = options;
      const color = wantsColor(stdout, environment);
      exit(await runDoctor({ repository, role, json, color, stdout, stderr }));
    });
}

const EXAMPLES = `
Examples:
  $ driftwright doctor
  $ driftwright doctor --repository acme/shop --json

Exit codes: 0 nothing failed (there may be warnings), 1 something failed.`;

function readRepository(text: string): { owner: string; name: string } {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner === undefined || name === undefined) throw new InvalidArgumentError("Write it as owner/name.");
  return { owner, name };
}
