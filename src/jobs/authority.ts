import type { JudgedFinding } from "../drift/model.ts";
import { isTeamMember, mayWrite } from "../github/collaborators.ts";
import { Forbidden, NotFound } from "../github/errors.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { type CodeOwner, codeOwnersOf } from "../intent/code-owners.ts";
import { CodeOwnersFile } from "./code-owners-file.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";

/** What it takes to find out who may decide in a repository. */
export interface Authority {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  /** As the newest commit of the default branch has it. */
  readonly codeOwners: CodeOwnersFile;
  /** A client that may see who is in a team; not every installation lets the App. */
  readonly asTeamMember: () => GitHub;
}

/** Of an open repository. */
export function authorityOf(
  { github: clients }: Pick<JobPorts, "github">,
  { facts: repository, github, head, stored }: OpenRepository,
): Authority {
  const asTeamMember = () => clients.repository(stored.installationId, stored.id, TOKEN_PERMISSIONS.owners);
  return { github, repository, codeOwners: new CodeOwnersFile(github, repository, head), asTeamMember };
}

/** Why somebody may not decide. */
export type NotAllowed =
  | { readonly kind: "no-write"; readonly where: "here" | "both" }
  /** What they want to let be opens access, and somebody else owns the file. */
  | { readonly kind: "no-owner"; readonly file: string; readonly owners: readonly string[] };

/**
 * Whether somebody may give commands: whoever may write to the repository. Null where they may.
 * @param about the repository that it is about, where that is another one: they have to be able to write there, too
 * @throws Forbidden, RateLimited, Unavailable
 */
export async function whyNoCommand(
  here: Place,
  login: string,
  about: Place | undefined = undefined,
): Promise<NotAllowed | null> {
  const places = about === undefined ? [here] : [here, about];
  for (const { github, repository } of places)
    if (!(await mayWrite(github, repository, login)))
      return { kind: "no-write", where: about === undefined ? "here" : "both" };
  return null;
}

type Place = Pick<Authority, "github" | "repository">;

/** Whether somebody may let findings be as they are: where access is opened, an owner of each file that says otherwise. */
export async function whyNotAccept(
  authority: Authority,
  login: string,
  findings: readonly JudgedFinding[],
): Promise<NotAllowed | null> {
  const [why = null] = (await notAccepted(authority, login, findings)).values();
  return why;
}

/** Why somebody may not let some of the findings be as they are, by the fingerprints of those. */
export async function notAccepted(
  authority: OwnersAuthority,
  login: string,
  findings: readonly JudgedFinding[],
): Promise<ReadonlyMap<string, NotAllowed>> {
  const opening = findings.filter(({ widensAccess }) => widensAccess);
  const text = opening.length === 0 ? null : await authority.codeOwners.text();
  if (text === null) return new Map();
  const files = new Set(opening.flatMap(filesOf));
  const owned = [...files].map((file) => ({ file, owners: codeOwnersOf(text, file) }));
  const refused = new Map<string, NotAllowed>();
  const among = new Map<string, boolean>();
  for (const { file, owners } of owned) {
    if (owners.length === 0) continue;
    const key = JSON.stringify(owners);
    const isOne = among.get(key) ?? (await isAmong(authority, login, owners));
    among.set(key, isOne);
    if (!isOne) refused.set(file, { kind: "no-owner", file, owners: owners.map(nameOf) });
  }
  return new Map(
    opening.flatMap((finding) => {
      const [why] = filesOf(finding).flatMap((file) => refused.get(file) ?? []);
      return why === undefined ? [] : [[finding.fingerprint, why]];
    }),
  );
}

type OwnersAuthority = Pick<Authority, "codeOwners" | "asTeamMember">;

/** The files that would be edited; where none would, those that say what is drifted from. */
function filesOf({ adoption, changes, declaredAt }: JudgedFinding): readonly string[] {
  const edited = adoption?.files.map(({ path }) => path) ?? [];
  if (edited.length > 0) return edited;
  return [...changes.map(({ source }) => source), declaredAt].flatMap((place) => place?.file ?? []);
}

async function isAmong(
  { asTeamMember }: OwnersAuthority,
  login: string,
  owners: readonly CodeOwner[],
): Promise<boolean> {
  const isSame = (name: string) => name.toLowerCase() === login.toLowerCase();
  if (owners.some((owner) => owner.kind === "user" && isSame(owner.login))) return true;
  for (const owner of owners) {
    if (owner.kind === "team" && (await isIn(asTeamMember(), owner, login))) return true;
  }
  return false;
}

/** Who cannot be asked about is not in it. */
async function isIn(
  github: GitHub,
  team: { readonly org: string; readonly team: string },
  login: string,
): Promise<boolean> {
  try {
    return await isTeamMember(github, team, login);
  } catch (error) {
    if (error instanceof Forbidden || error instanceof NotFound) return false;
    throw error;
  }
}

function nameOf(owner: CodeOwner): string {
  if (owner.kind === "user") return owner.login;
  return owner.kind === "team" ? `${owner.org}/${owner.team}` : owner.address;
}
