import type { Rule } from "./model.ts";
import { type ParsedFile, parseFile } from "./parse-file.ts";
import { dayOf, fileRules } from "./rules.ts";
import { type OwnerConfigFile, ownerFileSchema } from "./schema.ts";
import { type Settings, settingProblems, settingsOf } from "./settings.ts";
import type { YamlText } from "./yaml-document.ts";

/** The repository of an owner that says what holds in all of theirs. */
export const OWNER_REPOSITORY = ".github";

/** Where that stands in it; the first that is there counts. */
export const OWNER_CONFIG_PATHS = ["driftwright.yml", ".github/driftwright.yml"] as const;

/** What an owner says for all of their repositories. */
export interface OwnerConfig {
  /** For messages. */
  readonly file: string;
  /** For what a repository says nothing about. */
  readonly defaults: Layer;
  /** Whatever a repository says. */
  readonly enforced: Layer & {
    /** Settings that it has, as they are written; each limit by its own name: `limits.new_per_hour`. */
    readonly keys: ReadonlySet<string>;
  };
}

interface Layer {
  readonly settings: Settings;
  /** What is ignored comes first. */
  readonly rules: readonly Rule[];
}

/** The owner says nothing. */
export const NO_OWNER_CONFIG: OwnerConfig = {
  file: OWNER_CONFIG_PATHS[0],
  defaults: { settings: {}, rules: [] },
  enforced: { settings: {}, rules: [], keys: new Set() },
};

/** Whether a repository is the one that speaks for its owner. GitHub's names have no case. */
export function isOwnerRepository({ name }: { readonly name: string }): boolean {
  return name.toLowerCase() === OWNER_REPOSITORY;
}

/** Keys of which a repository's own come after those that are enforced, in place of being overruled. */
const LISTS: ReadonlySet<string> = new Set(["rules", "ignore"]);

/** Reads what an owner says. `file` names it for messages, `now` decides which rules are over. Never throws. */
export function parseOwnerConfig(text: string, file: string, now: Date): ParsedFile<OwnerConfig> {
  return parseFile(text, file, ownerFileSchema, (written, yaml) => {
    const { enforced = {} } = written;
    const defaults = layerOf(written, yaml, { file, now, at: [] });
    const policy = layerOf(enforced, yaml, { file, now, at: ["enforced"] });
    const whole = Object.keys(enforced).filter((key) => !LISTS.has(key) && key !== "limits");
    const keys = new Set([...whole, ...Object.keys(enforced.limits ?? {}).map((key) => `limits.${key}`)]);
    return {
      config: { file, defaults: defaults.layer, enforced: { ...policy.layer, keys } },
      errors: [...defaults.errors, ...policy.errors],
      warnings: [...defaults.warnings, ...policy.warnings],
    };
  });
}

function layerOf(
  written: Omit<OwnerConfigFile, "version" | "enforced">,
  yaml: YamlText,
  { file, now, at }: { readonly file: string; readonly now: Date; readonly at: readonly string[] },
) {
  const { rules, ignore, ...ofRules } = fileRules(written, yaml, { file, today: dayOf(now), at });
  const ofSettings = settingProblems(written, yaml, now, at);
  return {
    layer: { settings: settingsOf(written), rules: [...ignore, ...rules] },
    errors: [...ofRules.errors, ...ofSettings.errors],
    warnings: [...ofRules.warnings, ...ofSettings.warnings],
  };
}
