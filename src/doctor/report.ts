import { palette } from "../reports/color.ts";
import type { Redaction } from "../reports/redaction.ts";
import { visible } from "../reports/visible.ts";
import { CHECKS, type Check, type CheckStatus } from "./check.ts";

const SIGNS: Readonly<Record<CheckStatus, string>> = { ok: "✓", warning: "!", failed: "✗", skipped: "–" };

/** One check as a line, with what to do in a second one. Whatever stands in a message can be seen, and is clean. */
export function checkLines(
  { id, subject, status, message, next }: Check,
  { color, redaction }: { readonly color: boolean; readonly redaction: Redaction },
): string {
  const { good, warning, error, dim } = palette(color);
  const paint = { ok: good, warning, failed: error, skipped: dim }[status];
  const clean = (text: string) => visible(redaction.clean(text));
  const what = subject === null ? CHECKS[id] : `${CHECKS[id]} of ${clean(subject)}`;
  const line = `${paint(SIGNS[status])} ${what}: ${clean(message)}\n`;
  return next === null ? line : `${line}  → ${clean(next)}\n`;
}

/** `2 failed, 1 warning, 12 ok, 3 skipped` */
export function summaryLine(checks: readonly Check[]): string {
  const ofStatus = (wanted: CheckStatus) => checks.filter(({ status }) => status === wanted).length;
  const warnings = ofStatus("warning");
  return `\n${ofStatus("failed")} failed, ${warnings} ${warnings === 1 ? "warning" : "warnings"}, ${ofStatus("ok")} ok, ${ofStatus("skipped")} skipped\n`;
}

/** All checks as one JSON document; docs/operations.md describes it. */
export function doctorJson(checks: readonly Check[], redaction: Redaction): string {
  const cleaned = redaction.cleanJson(checks.map((check) => ({ ...check })));
  return `${JSON.stringify({ schema: 1, checks: cleaned }, null, 2)}\n`;
}
