import { matchesAnyForm, matchesGlobs } from "../config/globs.ts";
import type { MatchKey, Rule } from "../config/model.ts";
import type { Finding } from "../drift/model.ts";
import { type Path, printPath } from "../json/path.ts";

/** Where a finding was made. */
export interface JudgeContext {
  readonly stack: string;
  readonly environment: string | null;
  /** Left out where nobody says. */
  readonly service?: string;
  readonly now: Date;
}

/** Whether everything that the rule looks at matches; the rule's last day is not looked at. */
export function matchesRule(
  finding: Finding,
  { match }: Pick<Rule, "match">,
  context: Omit<JudgeContext, "now">,
): boolean {
  return Object.entries(match).every(([key, globs]) => matches(finding, key as MatchKey, globs, context));
}

/** What is not known (no environment or service, no actor, no attribute) matches no pattern, also none that starts with `!`. */
function matches(
  finding: Finding,
  key: MatchKey,
  globs: readonly string[],
  context: Omit<JudgeContext, "now">,
): boolean {
  switch (key) {
    case "type":
      return matchesGlobs(finding.resource.type, globs);
    case "address":
      return matchesGlobs(finding.address, globs);
    case "category":
      return matchesGlobs(finding.category, globs);
    case "severity":
      return matchesGlobs(finding.severity, globs);
    case "stack":
      return matchesGlobs(context.stack, globs);
    case "environment":
      return context.environment !== null && matchesGlobs(context.environment, globs);
    case "service":
      return context.service !== undefined && matchesGlobs(context.service, globs);
    case "actor":
      return finding.actor !== null && matchesAnyForm([finding.actor.id, finding.actor.name], globs);
    case "attribute":
      // All of them: one change that the owner did not name must not be decided with the others.
      return (
        finding.changes.length > 0 &&
        finding.changes.every((change) => matchesAnyForm(spellings(change.path), globs))
      );
  }
}

/**
 * A path and everything it lies in, so that `ingress` names all rules and `tags` all tags; keys with dots or slashes
 * also as plain text, so that `tags.*` names `tags["kubernetes.io/role"]` too.
 */
function spellings(path: Path): readonly string[] {
  const ancestors = path.map((_step, index) => path.slice(0, index + 1));
  return [...new Set([...ancestors.map(printPath), ...ancestors.map(dotted)])];
}

function dotted(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}
