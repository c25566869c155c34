import { SEVERITIES } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { matchesGlobs } from "./globs.ts";
import { shown } from "./issues.ts";
import { MATCH_KEYS, type Rule } from "./model.ts";
import { CATEGORIES, type ConfigFile } from "./schema.ts";
import { suggestion } from "./suggestion.ts";
import type { Problem, YamlText } from "./yaml-document.ts";

type WrittenRule = NonNullable<ConfigFile["rules"]>[number];

/** The rules as they are used; `yaml` tells where each stands in `file`. */
export function rulesOf(written: readonly WrittenRule[], yaml: YamlText, file: string): Rule[] {
  return written.map((rule, index) => ({
    name: rule.name,
    match: Object.fromEntries(
      MATCH_KEYS.flatMap((key) => {
        const globs = rule.match[key];
        return globs === undefined ? [] : [[key, [globs].flat()]];
      }),
    ),
    verdict: rule.verdict,
    until: rule.until ?? null,
    because: rule.because ?? null,
    place: { file, ...yaml.position(yaml.offsetOf(["rules", index])) },
  }));
}

/** Patterns of a closed list of words that match none of them: the rule would never decide anything. */
export function impossiblePatterns(rules: readonly Rule[], yaml: YamlText): Problem[] {
  const words = { category: CATEGORIES, severity: SEVERITIES } as const;
  return rules.flatMap((rule, index) =>
    (["category", "severity"] as const).flatMap((key) =>
      (rule.match[key] ?? []).flatMap((glob, element): Problem[] => {
        const plain = glob.replace(/^!/, "");
        if (words[key].some((word) => matchesGlobs(word, [plain]))) return [];
        const close = suggestion(plain, words[key]);
        const hint = close === null ? "" : `; did you mean ${close}?`;
        return [
          {
            message: `${printPath(["rules", index, "match", key])} must be one of ${words[key].join(", ")}, not ${shown(plain)}${hint}`,
            // A pattern that stands alone is no list: the path into it ends at the value itself.
            offset: yaml.offsetOf(["rules", index, "match", key, element]),
          },
        ];
      }),
    ),
  );
}

/** What is allowed and probably not meant: expired rules, rules behind one that matches everything, names used twice. */
export function doubtfulRules(rules: readonly Rule[], yaml: YamlText, today: string): Problem[] {
  const catchAll = rules.findIndex((rule) => Object.keys(rule.match).length === 0 && !isExpired(rule, today));
  return rules.flatMap((rule, index) => {
    const name = shown(rule.name);
    const problems: Problem[] = [];
    if (isExpired(rule, today)) {
      problems.push({
        message: `rule ${name} ended on ${rule.until} and decides nothing any more; remove it or give it a later day`,
        offset: yaml.offsetOf(["rules", index, "until"]),
      });
    }
    if (rules.findIndex((other) => other.name === rule.name) < index) {
      problems.push({
        message: `a rule before this one is called ${name} too; reports could not tell them apart`,
        offset: yaml.offsetOf(["rules", index, "name"]),
      });
    }
    if (catchAll !== -1 && index > catchAll) {
      problems.push({
        message: `rule ${name} never decides: ${shown(rules[catchAll]?.name)} before it matches everything`,
        offset: yaml.offsetOf(["rules", index]),
      });
    }
    if (index === catchAll && rule.verdict === "ignore") {
      problems.push({
        message: `rule ${name} matches everything, so whatever comes to it is ignored; say in match what it is about`,
        offset: yaml.offsetOf(["rules", index, "match"]),
      });
    }
    return problems;
  });
}

/** Whether the rule's last day is over on `today` (UTC, `YYYY-MM-DD`). */
export function isExpired(rule: Rule, today: string): boolean {
  return rule.until !== null && rule.until < today;
}

/** The day of a time, UTC, as `YYYY-MM-DD`. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
