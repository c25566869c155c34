import type { JudgedFinding } from "../drift/model.ts";
import { codeOwnersOf } from "../intent/code-owners.ts";
import type { Writing } from "./writing.ts";

/** What tells whose matter an issue is. */
export interface Concern {
  /** The files that decide what is drifted from. */
  readonly files: readonly string[];
  /** Of the stacks, as their configuration names them: logins, and teams as `owner/team`. */
  readonly owners: readonly string[];
}

/** Nobody's in particular. */
export const NO_CONCERN: Concern = { files: [], owners: [] };

/** GitHub assigns no more. */
const MOST_PEOPLE = 10;

/** What decides the values that a finding is about: the places of the literals, else the block that declares it. */
export function decidingFiles({ changes, declaredAt }: JudgedFinding): readonly string[] {
  const sources = changes.flatMap(({ source }) => source?.file ?? []);
  return [...new Set(sources.length > 0 ? sources : declaredAt === null ? [] : [declaredAt.file])];
}

/**
 * Logins of who is assigned where the configuration does not say: the people among the owners of the stack, else among
 * the code owners of the files. Teams cannot be assigned.
 * @throws Forbidden, RateLimited, Unavailable
 */
export async function peopleFor(
  { codeOwners }: Pick<Writing, "codeOwners">,
  { files, owners }: Concern,
): Promise<readonly string[]> {
  const people = owners.filter((owner) => !owner.includes("/"));
  if (people.length > 0 || files.length === 0) return distinct(people);
  const text = await codeOwners.text();
  if (text === null) return [];
  return distinct(
    files
      .flatMap((file) => codeOwnersOf(text, file))
      .flatMap((owner) => (owner.kind === "user" ? [owner.login] : [])),
  );
}

/** Logins have no case. */
function distinct(logins: readonly string[]): readonly string[] {
  return [...new Map(logins.map((login) => [login.toLowerCase(), login])).values()].slice(0, MOST_PEOPLE);
}
