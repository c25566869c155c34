import { SEVERITIES } from "../drift/model.ts";
import { type Path, printPath } from "../json/path.ts";
import { matchesGlobs } from "./globs.ts";
import { shown } from "./issues.ts";
import { MATCH_KEYS, type Rule } from "./model.ts";
import { CATEGORIES, type ConfigFile } from "./schema.ts";
import { suggestion } from "./suggestion.ts";
import type { Problem, YamlText } from "./yaml-document.ts";

type WrittenRule = NonNullable<ConfigFile["rules"]>[number];
type WrittenIgnore = NonNullable<ConfigFile["ignore"]>[number];

/** What a file says of rules: the list, and what is to be ignored as rules that say so. */
export interface FileRules {
  readonly rules: readonly Rule[];
  readonly ignore: readonly Rule[];
}

/**
 * The rules of a file as they are used; `yaml` tells where each stands in `file`, what is wrong with it, and what is
 * probably not meant.
 * @param at the mapping that holds the lists
 */
export function fileRules(
  written: Pick<ConfigFile, "rules" | "ignore">,
  yaml: YamlText,
  { file, today, at = [] }: { readonly file: string; readonly today: string; readonly at?: Path },
): FileRules & { readonly errors: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const ignored = (written.ignore ?? []).map(
    ({ name, ...one }: WrittenIgnore, index): WrittenRule => ({
      name: name ?? printPath([...at, "ignore", index]),
      ...one,
      verdict: "ignore",
    }),
  );
  const lists = { rules: written.rules ?? [], ignore: ignored };
  const of = (key: keyof FileRules) => {
    const place = [...at, key];
    const rules = rulesOf(lists[key], yaml, { file, at: place });
    const errors = impossiblePatterns(rules, yaml, place);
    return { rules, errors, warnings: doubtfulRules(rules, yaml, { today, at: place }) };
  };
  const [rules, ignore] = [of("rules"), of("ignore")];
  return {
    rules: rules.rules,
    ignore: ignore.rules,
    errors: [...rules.errors, ...ignore.errors],
    warnings: [...rules.warnings, ...ignore.warnings],
  };
}

interface At {
  /** The list. */
  readonly at: Path;
}

function rulesOf(
  written: readonly WrittenRule[],
  yaml: YamlText,
  { file, at }: At & { readonly file: string },
): Rule[] {
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
    place: { file, ...yaml.position(yaml.offsetOf([...at, index])) },
  }));
}

/** Patterns of a closed list of words that match none of them: the rule would never decide anything. */
function impossiblePatterns(rules: readonly Rule[], yaml: YamlText, at: Path): Problem[] {
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
            message: `${printPath([...at, index, "match", key])} must be one of ${words[key].join(", ")}, not ${shown(plain)}${hint}`,
            // A pattern that stands alone is no list: the path into it ends at the value itself.
            offset: yaml.offsetOf([...at, index, "match", key, element]),
          },
        ];
      }),
    ),
  );
}

/** What is allowed and probably not meant: expired rules, rules behind one that matches everything, names used twice. */
function doubtfulRules(
  rules: readonly Rule[],
  yaml: YamlText,
  { today, at }: At & { readonly today: string },
): Problem[] {
  const catchAll = rules.findIndex((rule) => Object.keys(rule.match).length === 0 && !isExpired(rule, today));
  return rules.flatMap((rule, index) => {
    const name = shown(rule.name);
    const problems: Problem[] = [];
    if (isExpired(rule, today)) {
      problems.push({
        message: `rule ${name} ended on ${rule.until} and decides nothing any more; remove it or give it a later day`,
        offset: yaml.offsetOf([...at, index, "until"]),
      });
    }
    if (rules.findIndex((other) => other.name === rule.name) < index) {
      problems.push({
        message: `a rule before this one is called ${name} too; reports could not tell them apart`,
        offset: yaml.offsetOf([...at, index, "name"]),
      });
    }
    if (catchAll !== -1 && index > catchAll) {
      problems.push({
        message: `rule ${name} never decides: ${shown(rules[catchAll]?.name)} before it matches everything`,
        offset: yaml.offsetOf([...at, index]),
      });
    }
    if (index === catchAll && rule.verdict === "ignore") {
      problems.push({
        message: `rule ${name} matches everything, so whatever comes to it is ignored; say in match what it is about`,
        offset: yaml.offsetOf([...at, index, "match"]),
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
