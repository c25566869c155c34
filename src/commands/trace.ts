import type { Command } from "commander";
import { isJsonArray, isJsonObject, type Json, type JsonObject, parseJson, printJson } from "../json/json.ts";
import { Redaction } from "../reports/redaction.ts";
import { renderDiagnostics } from "../reports/terminal.ts";
import { foldersOf, type StackOptions, stackCommand, UsageError } from "./options.ts";
import { excerptFrom, openSession, refusals } from "./session.ts";
import { type Terminal, wantsColor, widthOf } from "./terminal.ts";

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

Exit codes: 0 traced (also where an edit is refused), 1 an error in the code, an unknown address or path.`;

async function traceValue(
  { address, path }: { address: string; path: string },
  options: TraceOptions,
  given: ReturnType<typeof stackCommand>["given"],
  terminal: Terminal,
): Promise<number> {
  const to = options.to ?? null;
  if (to !== null) checkJson(to);
  const { engine, checkout, overview, stack } = await openSession(options, given, foldersOf(options));
  try {
    const { document, unknown } = await engine.trace({ stack, address, path, to });
    const { stdout, stderr, environment } = terminal;
    const redaction = new Redaction(overview.secrets);
    const cleaned = redaction.cleanJson(document) as JsonObject;
    stdout.write(options.json ? `${printJson(cleaned, 2)}\n` : traceText(cleaned));
    const diagnostics = [...overview.diagnostics, ...refusals(checkout)];
    const color = wantsColor(stderr, environment);
    stderr.write(
      renderDiagnostics(diagnostics, {
        color,
        width: widthOf(stderr),
        excerpt: excerptFrom(checkout),
        redaction,
      }),
    );
    if (unknown !== null) stderr.write(`error: ${redaction.clean(unknown)}\n`);
    return unknown !== null || diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
  } finally {
    engine.close();
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

function traceText(document: JsonObject): string {
  const lines = [
    `${text(document["address"])} ${text(document["path"])} = ${printJson(document["value"] ?? null)}`,
  ];
  for (const step of objects(document["chain"])) {
    const place = `${text(step["file"])}:${text(step["line"])}:${text(step["column"])}`;
    lines.push(`  ${place}  ${text(step["kind"])}  ${text(step["text"]).split("\n")[0] ?? ""}`);
  }
  for (const edit of objects(document["edits"])) {
    lines.push("", `${text(edit["verdict"])}: ${text(edit["why"])}`, text(edit["diff"]).trimEnd());
    for (const effect of objects(edit["effects"])) {
      const values = `${printJson(effect["before"] ?? null)} -> ${printJson(effect["after"] ?? null)}`;
      lines.push(`  ${text(effect["address"])} ${text(effect["path"])}: ${values}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function objects(json: Json | undefined): readonly JsonObject[] {
  return isJsonArray(json) ? json.filter(isJsonObject) : [];
}

function text(json: Json | undefined): string {
  return typeof json === "string" ? json : json === undefined || json === null ? "" : printJson(json);
}
