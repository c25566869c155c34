import type { Command } from "commander";
import type { Diagnostic } from "../drift/model.ts";
import { isJsonArray, type Json, type JsonObject, printJson } from "../json/json.ts";
import { Redaction } from "../reports/redaction.ts";
import { renderDiagnostics } from "../reports/terminal.ts";
import { evalText } from "./eval-text.ts";
import { foldersOf, type StackOptions, stackCommand } from "./options.ts";
import { excerptFrom, openSession, refusals } from "./session.ts";
import { type Terminal, wantsColor, widthOf } from "./terminal.ts";

/** `driftwright eval`: what the code says of every managed instance. */
export function evalCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const { command, given } = stackCommand(
    "eval",
    "Evaluate a stack's code: every managed instance with the attributes that the code sets.",
  );
  return command
    .addHelpText("after", EXAMPLES)
    .action(async (options: StackOptions) => exit(await evaluateStack(options, given, terminal)));
}

const EXAMPLES = `
Examples:
  $ driftwright eval --dir infra --json
  $ driftwright eval --dir infra --var-file infra/prod.tfvars --state prod.tfstate

Exit codes: 0 evaluated, 1 an error in the code or the command.`;

async function evaluateStack(
  options: StackOptions,
  given: ReturnType<typeof stackCommand>["given"],
  terminal: Terminal,
): Promise<number> {
  const folders = foldersOf(options);
  const { engine, checkout, overview, request } = await openSession(options, given, folders, { brief: true });
  try {
    const document = (await engine.evaluated(request.name)) as JsonObject;
    const refused = refusals(checkout);
    const diagnostics = [...overview.diagnostics, ...refused];
    const { stdout, stderr, environment } = terminal;
    const redaction = new Redaction(overview.secrets);
    const all = [...asList(document["diagnostics"]), ...refused.map((diagnostic) => ({ ...diagnostic }))];
    if (options.json) {
      // Sensitive attributes are masked by their marks, and the others have to be exactly what they are.
      stdout.write(printJson({ ...document, diagnostics: redaction.cleanJson(all) }, 2));
      stdout.write("\n");
    } else stdout.write(evalText(document, { color: wantsColor(stdout, environment) }));
    const color = wantsColor(stderr, environment);
    stderr.write(
      renderDiagnostics(diagnostics, {
        color,
        width: widthOf(stderr),
        excerpt: excerptFrom(checkout),
        redaction,
      }),
    );
    return exitCode(diagnostics);
  } finally {
    engine.close();
  }
}

function asList(json: Json | undefined): readonly Json[] {
  return isJsonArray(json) ? json : [];
}

function exitCode(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}
