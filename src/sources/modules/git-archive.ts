import type { GuardedClient } from "./guarded-client.ts";
import { quoted, Unobtainable } from "./unobtainable.ts";

type ArchivePath = (path: string, commit: string) => string;

const nameIn = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** GitHub, Gitea, Forgejo, Codeberg, sourcehut. */
const GITHUB: ArchivePath = (path, commit) => `${path}/archive/${commit}.tar.gz`;
const GITLAB: ArchivePath = (path, commit) => `${path}/-/archive/${commit}/${nameIn(path)}-${commit}.tar.gz`;
const BITBUCKET: ArchivePath = (path, commit) => `${path}/get/${commit}.tar.gz`;

const KNOWN: ReadonlyMap<string, readonly ArchivePath[]> = new Map([
  ["github.com", [GITHUB]],
  ["gitlab.com", [GITLAB]],
  ["bitbucket.org", [BITBUCKET]],
]);

/**
 * The files of a commit as the host's own archive (gzip, one folder around everything, the commit's id in front). No
 * history is downloaded, and nothing of git's own formats has to be unpacked.
 * @throws Unobtainable
 */
export async function downloadCommit(
  client: GuardedClient,
  repository: URL,
  commit: string,
  limits: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<Buffer> {
  const path = repository.pathname.replace(/\/+$/, "").replace(/\.git$/, "");
  for (const archivePath of KNOWN.get(repository.hostname) ?? [GITHUB, GITLAB, BITBUCKET]) {
    const { status, body } = await client.ask(new URL(archivePath(path, commit), repository), limits);
    // Hosts that want somebody to sign in answer with a page.
    if (status === 200 && isGzip(body)) return body;
    if (status === 429 || status >= 500) {
      throw new Unobtainable(`${quoted(repository.host)} answers with the status ${status}; try again later`);
    }
  }
  throw new Unobtainable(
    `${quoted(repository.host)} gives no archive of commit ${commit.slice(0, 12)}: it is not there, the repository is private, or the host offers no archives as GitHub, GitLab, Gitea and Bitbucket do`,
  );
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
