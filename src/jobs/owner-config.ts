import {
  isOwnerRepository,
  NO_OWNER_CONFIG,
  OWNER_CONFIG_PATHS,
  OWNER_REPOSITORY,
  type OwnerConfig,
  parseOwnerConfig,
} from "../config/owner-config.ts";
import type { Diagnostic } from "../drift/model.ts";
import { type FileAnswer, readFileUnless } from "../github/contents.ts";
import { GitHubError, RateLimited } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import {
  findOwnerConfig,
  type OwnerConfigRecord,
  repositoryCalled,
  saveOwnerConfig,
} from "../store/owner-configs.ts";
import type { Repository } from "../store/repositories.ts";
import type { JobPorts } from "./ports.ts";

/** What the owner of a repository says, as far as a job can know it. */
export interface LoadedOwnerConfig {
  readonly config: OwnerConfig;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it is not known at all, so that nothing may be written; null where it is, or where the owner says nothing. */
  readonly unknown: string | null;
  /** Whether there is a file that holds for the repository. */
  readonly isThere: boolean;
}

const SILENT: LoadedOwnerConfig = { config: NO_OWNER_CONFIG, diagnostics: [], unknown: null, isThere: false };

/** Milliseconds for which what was read is not asked for again. */
const FRESH = 5 * 60_000;

type Speaker = Pick<Repository, "id" | "owner" | "name" | "installationId">;
type Member = Pick<Repository, "installationId" | "name">;

/**
 * What holds in all repositories of the owner of one: the file in their repository `.github`, where the App is
 * installed in that one too. It is asked for every five minutes at most, whichever repository is looked at. Where it
 * cannot be read or has mistakes, the last one that could be used counts, and a diagnostic says so.
 * @throws RateLimited
 */
export async function ownerConfigOf(ports: JobPorts, repository: Member): Promise<LoadedOwnerConfig> {
  const { kysely: db } = ports.database;
  // What it says is about the others.
  if (isOwnerRepository(repository)) return SILENT;
  const speaker = await repositoryCalled(db, repository.installationId, OWNER_REPOSITORY);
  if (speaker === null) return SILENT;
  const known = await findOwnerConfig(db, speaker.id);
  const isFresh = known !== null && ports.now().getTime() - known.checkedAt.getTime() < FRESH;
  return loaded(isFresh ? known : await readAgain(ports, speaker, known), speaker, ports.now());
}

/** Reads it again at once, since it may have changed. */
export async function renewOwnerConfig(ports: JobPorts, speaker: Speaker): Promise<void> {
  await readAgain(ports, speaker, await findOwnerConfig(ports.database.kysely, speaker.id));
}

async function readAgain(
  ports: JobPorts,
  speaker: Speaker,
  known: OwnerConfigRecord | null,
): Promise<OwnerConfigRecord> {
  const checkedAt = ports.now();
  const before = known ?? { path: null, text: null, etag: null, isKnown: false, problem: null };
  const record = { ...before, ...(await newest(ports, speaker, before, checkedAt)) };
  const kept = { ...record, repositoryId: speaker.id, checkedAt };
  await saveOwnerConfig(ports.database.kysely, kept);
  return kept;
}

type Newest = Partial<Pick<OwnerConfigRecord, "path" | "text" | "etag" | "isKnown" | "problem">>;

async function newest(
  ports: JobPorts,
  speaker: Speaker,
  before: Pick<OwnerConfigRecord, "path" | "etag">,
  now: Date,
): Promise<Newest> {
  try {
    const found = await firstFile(ports, speaker, before);
    if (found === "unchanged") return {};
    if (found === null) return { path: null, text: null, etag: null, isKnown: true, problem: null };
    const { path, text, etag } = found;
    const { diagnostics } = parseOwnerConfig(text, path, now);
    const first = diagnostics.find(({ severity }) => severity === "error");
    if (first === undefined) return { path, text, etag, isKnown: true, problem: null };
    return { path, etag, problem: `line ${first.line}: ${first.message}` };
  } catch (reason) {
    if (!(reason instanceof GitHubError) || reason instanceof RateLimited) throw reason;
    return { problem: reason.message };
  }
}

async function firstFile(
  { github }: JobPorts,
  speaker: Speaker,
  before: Pick<OwnerConfigRecord, "path" | "etag">,
): Promise<(Extract<FileAnswer, object> & { readonly path: string }) | "unchanged" | null> {
  const client = github.repository(speaker.installationId, speaker.id, TOKEN_PERMISSIONS.scan);
  for (const path of OWNER_CONFIG_PATHS) {
    const etag = path === before.path ? before.etag : null;
    const answer = await readFileUnless(client, speaker, path, etag);
    if (answer === "unchanged") return "unchanged";
    if (answer !== null) return { ...answer, path };
  }
  return null;
}

function loaded(
  { path, text, isKnown, problem }: OwnerConfigRecord,
  { owner, name }: Speaker,
  now: Date,
): LoadedOwnerConfig {
  const file = `${owner}/${name}/${path ?? OWNER_CONFIG_PATHS[0]}`;
  const { config } = text === null ? { config: null } : parseOwnerConfig(text, file, now);
  const isThere = config !== null;
  if (problem === null) return { ...SILENT, config: config ?? NO_OWNER_CONFIG, isThere };
  const next = isKnown
    ? "what it said before still holds"
    : "only this repository's own configuration is used, and nothing is written";
  const message = `${file}, which says what holds in all repositories of ${owner}, cannot be used (${problem}); ${next}`;
  const diagnostic: Diagnostic = { severity: "warning", message, file: null, line: null, column: null };
  return {
    config: config ?? NO_OWNER_CONFIG,
    diagnostics: [diagnostic],
    unknown: isKnown ? null : message,
    isThere,
  };
}
