import { type Path, printPath } from "../json/path.ts";
import { DEFAULT_CONFIG, type PublicSetting, type RepositoryConfig } from "./model.ts";
import { NO_OWNER_CONFIG, type OwnerConfig } from "./owner-config.ts";
import { type ParsedFile, parseFile } from "./parse-file.ts";
import { dayOf, fileRules } from "./rules.ts";
import { type ConfigFile, fileSchema } from "./schema.ts";
import { settingProblems, settingsOf, together } from "./settings.ts";
import { stacksOf } from "./stacks.ts";
import type { Problem, YamlText } from "./yaml-document.ts";

/** `config` is null where a diagnostic is an error: then nothing may be written anywhere. */
export type ParsedConfig = ParsedFile<RepositoryConfig>;

/**
 * Reads `.github/driftwright.yml`. `file` is its path for messages, `now` decides which rules are over. Never throws.
 * @param saidByOwner what the owner of the repository says for all of theirs; null where that is not known
 */
export function parseConfig(
  text: string,
  file: string,
  now: Date,
  saidByOwner: OwnerConfig | null = null,
): ParsedConfig {
  const owner = saidByOwner ?? NO_OWNER_CONFIG;
  return parseFile(text, file, fileSchema, (written, yaml) => {
    const { rules, ignore, ...ofRules } = fileRules(written, yaml, { file, today: dayOf(now) });
    const { stacks, problems, warnings } = stacksOf(written.stacks ?? [], yaml, file);
    const ofSettings = settingProblems(written, yaml, now);
    const { defaults, enforced } = owner;
    const settings = together(defaults.settings, settingsOf(written), enforced.settings);
    const isAgreed = saidByOwner === null || isNamedByOwner(settings.public, owner);
    return {
      config: {
        ...settings,
        public: isAgreed ? settings.public : "counts",
        ownerRules: ownerRulesOf(owner),
        rules,
        ignore,
        stacks,
      },
      errors: [...ofRules.errors, ...problems, ...ofSettings.errors],
      warnings: [
        ...ofRules.warnings,
        ...warnings,
        ...ofSettings.warnings,
        ...overruled(written, yaml, owner),
        ...(isAgreed ? [] : [notNamed(yaml)]),
      ],
    };
  });
}

/** What holds in a repository without a file of its own. */
export function configWithout(owner: OwnerConfig): RepositoryConfig {
  const settings = together(owner.defaults.settings, owner.enforced.settings);
  return { ...DEFAULT_CONFIG, ...settings, ownerRules: ownerRulesOf(owner) };
}

function ownerRulesOf({ defaults, enforced }: OwnerConfig): RepositoryConfig["ownerRules"] {
  return { enforced: enforced.rules, defaults: defaults.rules };
}

/**
 * Whether the owner names the private repository that is to get single findings, as a default or enforced: whoever may
 * change a public repository could have the App write into any private one otherwise.
 */
function isNamedByOwner(shown: PublicSetting, { defaults, enforced }: OwnerConfig): boolean {
  const named = nameIn(shown);
  if (named === null) return true;
  return [defaults, enforced].some(({ settings }) => nameIn(settings.public ?? "counts") === named);
}

/** GitHub's names have no case. */
function nameIn(shown: PublicSetting): string | null {
  return typeof shown === "string" ? null : shown.repository.toLowerCase();
}

function notNamed(yaml: YamlText): Problem {
  return {
    message:
      "public.repository has no effect, so only numbers are told: the owner's driftwright.yml does not name that repository; have it named there, or write counts",
    offset: yaml.offsetOf(["public", "repository"]),
  };
}

/** What a repository says for nothing. */
function overruled(written: ConfigFile, yaml: YamlText, { enforced, file }: OwnerConfig): Problem[] {
  const noEffect = (path: Path, key: string): Problem => ({
    message: `${printPath([...path, key])} has no effect: ${file} says it for all repositories; remove it`,
    offset: yaml.offsetOfKey(path, key),
  });
  // Each limit counts for itself.
  const limits = Object.keys(written.limits ?? {}).filter((key) => enforced.keys.has(`limits.${key}`));
  return [
    ...Object.keys(written)
      .filter((key) => key !== "limits" && enforced.keys.has(key))
      .map((key) => noEffect([], key)),
    ...limits.map((key) => noEffect(["limits"], key)),
  ];
}
