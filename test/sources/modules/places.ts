import { gzipSync } from "node:zlib";
import { pktLine } from "../../../src/sources/modules/pkt-line.ts";
import { githubTarball, type TarEntry, tarOf } from "../archive.ts";
import type { Asked, Replies } from "./loopback.ts";

// What registries and git hosts answer, as their protocols have it.

export type Files = Readonly<Record<string, string>>;

/** A registry: versions by `ns/name/system`, and where each is downloaded from. */
export function registry(
  versions: Readonly<Record<string, readonly string[]>>,
  location: (module: string, version: string) => string | null,
): Replies {
  return ({ path }) => {
    if (path === "/.well-known/terraform.json")
      return { body: JSON.stringify({ "modules.v1": "/api/modules/v1" }) };
    const [, module = "", version, what] =
      /^\/api\/modules\/v1\/([^/]+\/[^/]+\/[^/]+)\/(?:([^/]+)\/)?(versions|download)$/.exec(path) ?? [];
    const known = versions[module];
    if (known === undefined) return null;
    if (what === "versions") {
      return { body: JSON.stringify({ modules: [{ versions: known.map((one) => ({ version: one })) }] }) };
    }
    const place = version === undefined ? null : location(module, version);
    return place === null ? null : { status: 204, headers: { "x-terraform-get": place } };
  };
}

export interface GitRepository {
  /** Commits by full names; a tag with a message as `tag>commit`. */
  readonly refs: Readonly<Record<string, string>>;
  readonly head?: string;
  /** The files of each commit. */
  readonly commits: Readonly<Record<string, Files>>;
}

/** A git host that speaks version 2 of the protocol, or 0, and gives archives as GitHub, GitLab or Bitbucket does. */
export function gitHost(
  repositories: Readonly<Record<string, GitRepository>>,
  {
    protocol = 2,
    archives = "github",
  }: { readonly protocol?: 0 | 2; readonly archives?: "github" | "gitlab" | "bitbucket" | "none" } = {},
): Replies {
  return (asked) => {
    const [, name = "", rest = ""] = /^\/([^/]+\/[^/]+?)(?:\.git)?(\/.*)$/.exec(asked.path) ?? [];
    const repository = repositories[name];
    if (repository === undefined) return null;
    if (rest.startsWith("/info/refs"))
      return { body: protocol === 2 ? CAPABILITIES : advertised(repository) };
    if (rest === "/git-upload-pack") return { body: listed(repository, asked) };
    const commit = ARCHIVES[archives].exec(rest)?.[1];
    const files = commit === undefined ? undefined : repository.commits[commit];
    return commit === undefined || files === undefined
      ? null
      : { body: githubTarball(entriesOf(files), commit) };
  };
}

const ARCHIVES = {
  github: /^\/archive\/([0-9a-f]+)\.tar\.gz$/,
  gitlab: /^\/-\/archive\/([0-9a-f]+)\/[^/]+\.tar\.gz$/,
  bitbucket: /^\/get\/([0-9a-f]+)\.tar\.gz$/,
  none: /^$(.)/,
};

const CAPABILITIES = `${pktLine("# service=git-upload-pack\n")}0000${pktLine("version 2\n")}${pktLine("ls-refs=unborn\n")}0000`;

function listed({ refs, head = "refs/heads/main" }: GitRepository, { body }: Asked): string {
  const prefixes = [...body.toString().matchAll(/ref-prefix ([^\n]+)\n/g)].map(([, prefix = ""]) => prefix);
  const all = [["HEAD", refs[head] ?? ""] as const, ...Object.entries(refs)];
  const lines = all
    .filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
    .map(([name, id]) => {
      const [own, peeled] = id.split(">");
      const more = `${name === "HEAD" ? ` symref-target:${head}` : ""}${peeled === undefined ? "" : ` peeled:${peeled}`}`;
      return pktLine(`${own} ${name}${more}\n`);
    });
  return `${lines.join("")}0000`;
}

function advertised({ refs, head = "refs/heads/main" }: GitRepository): string {
  const lines = [["HEAD", refs[head] ?? ""] as const, ...Object.entries(refs)].flatMap(([name, id]) => {
    const [own = "", peeled] = id.split(">");
    return [`${own} ${name}`, ...(peeled === undefined ? [] : [`${peeled} ${name}^{}`])];
  });
  const [first, ...others] = lines;
  const all = [
    `${first}\0multi_ack symref=HEAD:${head} agent=git/2.40\n`,
    ...others.map((line) => `${line}\n`),
  ];
  return `${pktLine("# service=git-upload-pack\n")}0000${all.map(pktLine).join("")}0000`;
}

function entriesOf(files: Files): TarEntry[] {
  return Object.entries(files).map(([name, content]) => ({ name, content }));
}

/** As people make them: no folder around everything, and a dot in front. */
export function plainTarball(files: Files): Uint8Array {
  return gzipSync(
    tarOf([{ name: "./", type: "5" }, ...entriesOf(files).map((one) => ({ ...one, name: `./${one.name}` }))]),
  );
}

export interface ZipEntry {
  readonly name: string;
  readonly content?: string;
  /** The mode that a Unix gives it, in the upper half of its attributes. */
  readonly mode?: number;
  /** The size that the directory claims, where it is not the content's. */
  readonly size?: number;
}

/** A zip archive whose files are stored as they are: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = "", mode = 0, size } of entries) {
    const [nameBytes, bytes] = [Buffer.from(name), Buffer.from(content)];
    const claimed = size ?? bytes.length;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(claimed, 14);
    shared.writeUInt32LE(claimed, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), shared, nameBytes, bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    const version = Buffer.from([20, mode === 0 ? 0 : 3]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), version, shared, rest, nameBytes]));
    files.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, ...directory, Buffer.from("PK\x05\x06", "latin1"), end]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
