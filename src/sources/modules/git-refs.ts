import type { GuardedClient } from "./guarded-client.ts";
import { pktLine, pktLines } from "./pkt-line.ts";
import { BadAnswer, quoted, Unobtainable } from "./unobtainable.ts";

/** What a repository's names stand for. */
export interface GitRefs {
  /** Commits by full names (`refs/heads/main`); of a tag with a message, the commit that it is of. */
  readonly commits: ReadonlyMap<string, string>;
  /** The full name of the default branch; null where that is not told. */
  readonly head: string | null;
}

/** A repository with a hundred thousand names has this many bytes of them. */
const MOST_BYTES = 16 * 1024 * 1024;
const SERVICE = "git-upload-pack";

/**
 * Asks a git server for its names, over https (https://git-scm.com/docs/http-protocol). Servers that know version 2 of
 * the protocol give those alone that may be meant.
 * @throws Unobtainable
 */
export async function readRefs(
  client: GuardedClient,
  repository: URL,
  { ref, signal }: { readonly ref: string | null; readonly signal: AbortSignal },
): Promise<GitRefs> {
  const base = repository.href.replace(/\/+$/, "");
  const first = await client.ask(new URL(`${base}/info/refs?service=${SERVICE}`), {
    headers: { "git-protocol": "version=2" },
    mostBytes: MOST_BYTES,
    signal,
  });
  if (first.status !== 200) throw new BadAnswer(first.status, whyRefused(first.status, repository));
  const lines = textsOf(first.body, repository).filter((line) => !line.startsWith("# service="));
  if (lines[0] !== "version 2") return refsOfVersion1(lines);
  // The repository may be at another place by now.
  const place = first.url.href.replace(/\/info\/refs(?:\?.*)?$/, "");
  const answer = await client.ask(new URL(`${place}/${SERVICE}`), {
    method: "POST",
    headers: { "git-protocol": "version=2", "content-type": `application/x-${SERVICE}-request` },
    body: Buffer.from(listingRequest(ref)),
    mostBytes: MOST_BYTES,
    signal,
  });
  if (answer.status !== 200) throw new BadAnswer(answer.status, whyRefused(answer.status, repository));
  return refsOfVersion2(textsOf(answer.body, repository));
}

function listingRequest(ref: string | null): string {
  const prefixes = ["HEAD", ...(ref === null ? [] : fullNames(ref))];
  const args = ["peel\n", "symrefs\n", ...prefixes.map((prefix) => `ref-prefix ${prefix}\n`)];
  return `${pktLine("command=ls-refs\n")}0001${args.map(pktLine).join("")}0000`;
}

/** The names that `git checkout` may find for a short one. */
function fullNames(ref: string): readonly string[] {
  const branch = ref.replace(/^origin\//, "");
  return [ref.startsWith("refs/") ? ref : `refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${branch}`];
}

function textsOf(body: Uint8Array, { host }: URL): string[] {
  const lines = pktLines(body);
  if (lines === null) throw new Unobtainable(`${quoted(host)} has no git repository at this address`);
  return lines.flatMap((line) => ("text" in line ? [line.text] : []));
}

/** `<id> <name>\0<capabilities>`, and `<id> <name>^{}` for the commit of a tag. */
function refsOfVersion1(lines: readonly string[]): GitRefs {
  const commits = new Map<string, string>();
  let head: string | null = null;
  for (const line of lines) {
    const [text = "", capabilities = ""] = line.split("\0");
    head ??= /(?:^| )symref=HEAD:(\S+)/.exec(capabilities)?.[1] ?? null;
    const [, id = "", name = ""] = /^([0-9a-f]{40}|[0-9a-f]{64}) (\S+)$/.exec(text) ?? [];
    // What a tag is of comes after the tag.
    if (id !== "") commits.set(name.replace(/\^\{\}$/, ""), id);
  }
  return { commits, head };
}

/** `<id> <name> symref-target:<name> peeled:<id>` */
function refsOfVersion2(lines: readonly string[]): GitRefs {
  const commits = new Map<string, string>();
  let head: string | null = null;
  for (const line of lines) {
    const [id = "", name = "", ...attributes] = line.split(" ");
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) continue;
    const attribute = (key: string) =>
      attributes.find((one) => one.startsWith(`${key}:`))?.slice(key.length + 1);
    commits.set(name, attribute("peeled") ?? id);
    if (name === "HEAD") head = attribute("symref-target") ?? null;
  }
  return { commits, head };
}

function whyRefused(status: number, { host }: URL): string {
  if (status === 401 || status === 403 || status === 404) {
    return `${quoted(host)} does not show the repository to everybody: it is private, or not there`;
  }
  return `${quoted(host)} answers with the status ${status}; try again later`;
}

/**
 * The commit that a ref means, as `git checkout` decides it after a clone: a tag before a branch, but for the branch that
 * the clone stands on. A shallow clone is made of a branch where there is one.
 */
export function commitOf({ commits, head }: GitRefs, ref: string | null, isShallow: boolean): string | null {
  if (ref === null) return commits.get("HEAD") ?? (head === null ? null : (commits.get(head) ?? null));
  const [exact = "", tag = "", branch = ""] = fullNames(ref);
  const isBranchFirst = isShallow || branch === head;
  const order = isBranchFirst ? [branch, tag, exact] : [exact, tag, branch];
  return order.map((name) => commits.get(name)).find((commit) => commit !== undefined) ?? null;
}
