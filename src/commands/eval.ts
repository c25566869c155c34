import type { Command } from "commander";
import type { Diagnostic } from "../drift/model.ts";
import type { Json } from "../json/json.ts";
import { Redaction } from "../reports/redaction.ts";
import { renderDiagnostics } from "../reports/terminal.ts";
import { evalJson } from "./eval-json.ts";
import { evalText } from "./eval-text.ts";
import { EvaluatedPages } from "./evaluated-pages.ts";
import { foldersOf, type StackOptions, stackCommand } from "./options.ts";
import { excerptFrom, openSession, withRefusals } from "./session.ts";
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
  const { stdout, stderr, environment } = terminal;
  const { engine, checkout, shelf, overview, request } = await openSession(options, given, folders, {
    brief: true,
    environment,
  });
  try {
    const pages = new EvaluatedPages(engine, request.name);
    const redaction = new Redaction(overview.secrets);
    // Sensitive attributes are masked by their marks, and the others have to be exactly what they are.
    const cleaned = () =>
      redaction.cleanJson(
        plainDiagnostics(withRefusals([...pages.diagnostics, ...pages.failures], checkout)),
      );
    const pieces = options.json
      ? evalJson(pages.instances(), cleaned)
      : evalText(pages.instances(), { color: wantsColor(stdout, environment) });
    for await (const piece of pieces) stdout.write(piece);
    const diagnostics = withRefusals([...overview.diagnostics, ...pages.failures], checkout);
    const color = wantsColor(stderr, environment);
    stderr.write(
      renderDiagnostics(diagnostics, {
        color,
        width: widthOf(stderr),
        excerpt: excerptFrom(shelf ?? checkout),
        redaction,
      }),
    );
    return exitCode(diagnostics);
  } finally {
    engine.close();
  }
}

function plainDiagnostics(diagnostics: readonly Diagnostic[]): Json {
  return diagnostics.map((diagnostic) => ({ ...diagnostic }));
}

function exitCode(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}
