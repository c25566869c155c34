import type { Command } from "commander";
import type { Diagnostic } from "../drift/model.ts";
import { type JsonObject, parseJson, printJson } from "../json/json.ts";
import { Redaction } from "../reports/redaction.ts";
import { renderDiagnostics } from "../reports/terminal.ts";
import { cleanedTrace } from "./cleaned-trace.ts";
import { foldersOf, type StackOptions, stackCommand, UsageError } from "./options.ts";
import { excerptFrom, openSession, type Session, withRefusals } from "./session.ts";
import { type Terminal, wantsColor, widthOf } from "./terminal.ts";
import { traceText } from "./trace-text.ts";
import { type Witnessed, withWitnesses } from "./witnesses.ts";

interface TraceOptions extends StackOptions {
  readonly to?: string;
}

/** `driftwright trace`: where a value comes from, and the edits that would change it. */
export function traceCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const { command, given } = stackCommand(
    "trace",
    "Trace an attribute back to the literal that decides it; with --to, find the edits that change it, each proven by evaluation.",
  );
  return command
    .argument("<address>", "address of a resource instance, as Terraform prints it")
    .argument("<path>", "path of a value in it: instance_type, tags.Name, ingress[0].cidr_blocks")
    .option("--to <json>", "wanted value as JSON: '\"t3.large\"', 8080, '[\"10.0.0.0/8\"]'")
    .addHelpText("after", EXAMPLES)
    .action(async (address: string, path: string, options: TraceOptions) => {
      exit(await traceValue({ address, path }, options, given, terminal));
    });
}

const EXAMPLES = `
Examples:
  $ driftwright trace --dir infra aws_instance.web instance_type
  $ driftwright trace --dir infra 'module.web["api"].aws_instance.this[0]' tags.Team --to '"shop"'

Exit codes: 0 traced (also where an edit is refused), 1 an error in the code, an unknown address.`;

async function traceValue(
  { address, path }: { address: string; path: string },
  options: TraceOptions,
  given: ReturnType<typeof stackCommand>["given"],
  terminal: Terminal,
): Promise<number> {
  const to = options.to ?? null;
  if (to !== null) checkJson(to);
  const { stdout, stderr, environment } = terminal;
  const session = await openSession(options, given, foldersOf(options), { environment });
  const { checkout, shelf, request, overview } = session;
  const alone = { engine: session.engine, stack: request.name, overviews: [overview], problems: [] };
  const { engine, stack, overviews, problems } = to === null ? alone : await witnessed(session);
  try {
    const { document, unknown, remark } = await engine.trace({ stack, address, path, to });
    const redaction = new Redaction(overviews.flatMap(({ secrets }) => secrets));
    const cleaned = cleanedTrace(document as JsonObject, redaction);
    const text = options.json
      ? `${printJson(cleaned, 2)}\n`
      : traceText(cleaned, { color: wantsColor(stdout, environment) });
    if (unknown === null || options.json) stdout.write(text);
    const remarks = remark === null ? [] : [warning(remark)];
    const diagnostics = [...withRefusals([...overview.diagnostics, ...problems], checkout), ...remarks];
    const color = wantsColor(stderr, environment);
    stderr.write(
      renderDiagnostics(diagnostics, {
        color,
        width: widthOf(stderr),
        excerpt: excerptFrom(shelf ?? checkout),
        redaction,
      }),
    );
    if (unknown !== null) stderr.write(`error: ${redaction.clean(unknown)}\n`);
    return unknown !== null || diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
  } finally {
    engine.close();
  }
}

function warning(message: string): Diagnostic {
  return { severity: "warning", message, file: null, line: null, column: null };
}

/** The session's engine is closed where the other stacks cannot even be looked for. */
async function witnessed(session: Session): Promise<Witnessed> {
  try {
    return await withWitnesses(session);
  } catch (error) {
    session.engine.close();
    throw error;
  }
}

function checkJson(text: string): void {
  try {
    parseJson(text);
  } catch {
    throw new UsageError(
      `--to ${text} is not JSON; a text needs its own quotes: --to '"${text.replace(/"/g, "")}"'`,
    );
  }
}
