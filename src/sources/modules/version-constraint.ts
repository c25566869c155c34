import { compareVersions, parseVersion, printVersion, type Version } from "./version.ts";

interface Condition {
  readonly operator: string;
  readonly version: Version;
}

/** What the `version` of a call asks for. */
export interface VersionConstraint {
  readonly text: string;
  readonly conditions: readonly Condition[];
}

const LONGEST = 1_000;

/** Reads conditions with commas between them; without a text every release will do. Null for what is malformed. */
export function parseConstraint(text: string | null): VersionConstraint | null {
  if (text === null) return { text: "", conditions: [] };
  if (text.length > LONGEST) return null;
  const conditions: Condition[] = [];
  for (const part of text.split(",")) {
    const [, operator = "", written = ""] = /^\s*(=|!=|>=|<=|>|<|~>)?\s*(\S+)\s*$/.exec(part) ?? [];
    const version = parseVersion(written);
    if (version === null) return null;
    conditions.push({ operator, version });
  }
  return { text, conditions };
}

/** The one version that a constraint names, where it can be no other: nobody has to be asked which there are. */
export function exactVersion({ conditions }: VersionConstraint): Version | null {
  const [only, ...others] = conditions;
  if (only === undefined || others.length > 0) return null;
  const { prerelease, metadata } = only.version;
  // Which of several builds is meant, and whether a pre-release may be taken, only the list tells.
  if (prerelease !== "" || metadata !== "") return null;
  return only.operator === "" || only.operator === "=" ? only.version : null;
}

/** The newest version that the constraint lets in; null where there is none. What is no version is passed over. */
export function newestAllowed(available: readonly string[], constraint: VersionConstraint): Version | null {
  let newest: Version | null = null;
  for (const text of available) {
    const version = parseVersion(text);
    if (version === null || !isAllowed(version, constraint)) continue;
    if (newest === null || compareVersions(version, newest) > 0) newest = version;
  }
  return newest;
}

function isAllowed(version: Version, constraint: VersionConstraint): boolean {
  if (version.prerelease !== "" && !isAskedFor(version, constraint)) return false;
  return constraint.conditions.every((condition) => fits(version, condition));
}

/**
 * Terraform takes a pre-release where the constraint is that version and nothing else: no other condition, no `v`, no
 * metadata, and no space after an equals sign.
 */
function isAskedFor(version: Version, { text }: VersionConstraint): boolean {
  const [, written = ""] = /^\s*=?(\d+(?:\.\d+)*-[^+\s]+)\s*$/.exec(text) ?? [];
  const asked = parseVersion(written);
  return asked !== null && printVersion(asked) === printVersion(version);
}

/** As HashiCorp's library for versions: https://github.com/hashicorp/go-version */
function fits(version: Version, { operator, version: wanted }: Condition): boolean {
  const order = compareVersions(version, wanted);
  switch (operator) {
    case "":
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case ">":
      return arePrereleasesComparable(version, wanted) && order > 0;
    case "<":
      return arePrereleasesComparable(version, wanted) && order < 0;
    case ">=":
      return arePrereleasesComparable(version, wanted) && order >= 0;
    case "<=":
      return arePrereleasesComparable(version, wanted) && order <= 0;
    default:
      return order >= 0 && isWithin(version, wanted);
  }
}

/** A pre-release is compared with pre-releases of the same version alone. */
function arePrereleasesComparable(version: Version, wanted: Version): boolean {
  if (version.prerelease === "") return true;
  return wanted.prerelease !== "" && sameNumbers(version, wanted);
}

/** `~>`: all the numbers that are written stay as they are, but the last, which may grow. */
function isWithin(version: Version, wanted: Version): boolean {
  if (!arePrereleasesComparable(version, wanted)) return false;
  if (wanted.prerelease !== "" && version.prerelease === "") return false;
  if (wanted.numbers.length > version.numbers.length) return false;
  return wanted.numbers.slice(0, wanted.written - 1).every((number, at) => version.numbers[at] === number);
}

function sameNumbers(a: Version, b: Version): boolean {
  return a.numbers.length === b.numbers.length && a.numbers.every((number, at) => number === b.numbers[at]);
}
