import { type RegistryModule, registryModule } from "./registry-address.ts";
import { cleaned, isOutside, splitSubfolder } from "./subfolder.ts";

/** Where the call of a module says that its code is. `subfolder` is one of the package, empty for its root. */
export type ModuleSource =
  | RegistryModule
  | GitModule
  | ArchiveModule
  /** An address whose answer names another source. */
  | { readonly kind: "page"; readonly url: URL; readonly subfolder: string }
  /** What is not fetched from there, as a clause that tells why and what to do instead. */
  | { readonly kind: "refused"; readonly why: string };

export interface GitModule {
  readonly kind: "git";
  /** The repository over https, without anything that identifies a person. */
  readonly repository: URL;
  /** A branch, a tag or a commit; null: the default branch. */
  readonly ref: string | null;
  /** With `depth` a branch goes before a tag of the same name. */
  readonly shallow: boolean;
  readonly subfolder: string;
}

export interface ArchiveModule {
  readonly kind: "archive";
  readonly url: URL;
  readonly format: ArchiveFormat;
  /** `sha256:…`, as it is written; null without one. */
  readonly checksum: string | null;
  readonly subfolder: string;
}

export type ArchiveFormat = "tar.gz" | "zip";

const FORMATS: ReadonlyMap<string, ArchiveFormat> = new Map([
  ["tar.gz", "tar.gz"],
  ["tgz", "tar.gz"],
  ["zip", "zip"],
]);
/** Terraform unpacks these too. */
const OTHER_FORMATS = ["tar.bz2", "tar.tbz2", "tar.xz", "txz", "bz2", "gz", "xz"];
const LONGEST = 2_000;

/**
 * Reads the source address of a module as Terraform 1.11 does
 * (https://developer.hashicorp.com/terraform/language/modules/sources). Local paths are not for this function.
 */
export function moduleSource(text: string): ModuleSource {
  if (text.length > LONGEST) return refused(`its address has more than ${LONGEST} characters`);
  const registry = registryModule(text);
  if (registry !== null) return registry;
  const [address, subfolder] = splitSubfolder(text);
  if (isOutside(subfolder)) return OUTSIDE;
  const [forced, plain] = forcedGetter(address);
  return bySchemeOf(forced, plain, subfolder) ?? byShorthand(forced, plain, subfolder) ?? UNKNOWN;
}

const OUTSIDE = refused("its subfolder leads out of the package; correct the source");
const UNKNOWN = refused(
  "it is not known what kind of source this is; start it with ./ for a folder of the repository, or with git::https://",
);

function refused(why: string): ModuleSource & { readonly kind: "refused" } {
  return { kind: "refused", why };
}

/** `git::https://…` says how an address is to be used, whatever it looks like. */
function forcedGetter(address: string): readonly [string | null, string] {
  const [, forced, plain] = /^([A-Za-z0-9]+)::(.+)$/s.exec(address) ?? [];
  return forced === undefined || plain === undefined ? [null, address] : [forced, plain];
}

/** An address with a scheme is taken as it is; null for others. */
function bySchemeOf(forced: string | null, plain: string, subfolder: string): ModuleSource | null {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(plain)?.[1]?.toLowerCase();
  if (scheme === undefined) return null;
  // `ssh://git@host:org/repo` is no address; the colon would have to go before a port.
  const url = URL.parse(plain);
  if (url === null || (url.hostname === "" && scheme !== "file")) {
    return refused("its address is not well-formed; correct the source");
  }
  return fromUrl(forced ?? scheme, url, subfolder);
}

/** What Terraform recognises without a scheme. */
function byShorthand(forced: string | null, plain: string, subfolder: string): ModuleSource | null {
  if (plain.startsWith("github.com/")) return gitHubShorthand(forced, plain, subfolder);
  const scp = /^git@([^:/@]+):\/?([^?]+)(\?.*)?$/s.exec(plain);
  if (scp !== null) {
    const url = URL.parse(`ssh://git@${scp[1]}/${scp[2]}${scp[3] ?? ""}`);
    return url === null ? null : fromUrl(forced ?? "git", url, subfolder);
  }
  if (plain.startsWith("bitbucket.org/")) {
    const url = URL.parse(`https://${plain}`);
    return url === null ? null : fromUrl(forced ?? "git", url, subfolder);
  }
  if (/^www\.googleapis\.com\/storage\//.test(plain)) return notSupported("gcs");
  if (/^[^/]*(?:s3[.-][^/]*)?amazonaws\.com\//.test(plain)) return notSupported("s3");
  return plain.startsWith("/") ? notSupported("file") : null;
}

/** What follows the repository's name is a subfolder, with one slash as with two. */
function gitHubShorthand(forced: string | null, plain: string, subfolder: string): ModuleSource {
  const [path = "", query] = plain.split(/\?(.*)/s, 2);
  const [host, owner, name, ...inside] = path.split("/");
  if (!owner || !name)
    return refused("an address on GitHub is github.com/OWNER/REPOSITORY; correct the source");
  const url = URL.parse(`https://${host}/${owner}/${name}${query === undefined ? "" : `?${query}`}`);
  if (url === null) return UNKNOWN;
  const below = cleaned([...inside, subfolder].join("/"));
  return isOutside(below) ? OUTSIDE : fromUrl(forced ?? "git", url, below);
}

function fromUrl(getter: string, url: URL, subfolder: string): ModuleSource {
  if (url.password !== "") {
    return refused("its address holds a password, which is not used; take it out of the source");
  }
  switch (getter) {
    case "git":
      return gitModule(url, subfolder);
    case "http":
    case "https":
      return url.protocol === "https:" || url.protocol === "http:"
        ? webModule(url, subfolder)
        : refused(`its address has the scheme ${url.protocol.slice(0, -1)}, and https is needed`);
    default:
      return notSupported(getter);
  }
}

function gitModule(url: URL, subfolder: string): ModuleSource {
  if (!["https:", "http:", "ssh:"].includes(url.protocol)) return notSupported(url.protocol.slice(0, -1));
  const ref = url.searchParams.get("ref");
  if (url.searchParams.has("sshkey")) {
    return refused("its address holds a key, which is not used; take sshkey out of the source");
  }
  // Whoever serves a repository over ssh serves it over https, too; the port is another.
  const port = url.protocol === "ssh:" ? "" : url.port;
  const scheme = url.protocol === "http:" ? "http:" : "https:";
  const repository = URL.parse(`${scheme}//${url.hostname}${port === "" ? "" : `:${port}`}${url.pathname}`);
  if (repository === null || repository.pathname.replace(/\/+/g, "") === "") {
    return refused("its address names no repository; correct the source");
  }
  const depth = Number(url.searchParams.get("depth") ?? "0");
  return {
    kind: "git",
    repository,
    ref: ref || null,
    shallow: Number.isInteger(depth) && depth > 0,
    subfolder,
  };
}

/** How registries name a repository on GitHub that has no address for git; the first step is the archive's one folder. */
function gitHubTarball({ hostname, pathname }: URL, subfolder: string): ModuleSource | null {
  const [, path, ref] = /^\/repos\/([^/]+\/[^/]+)\/tarball\/([^?]+)$/.exec(pathname) ?? [];
  if (hostname !== "api.github.com" || path === undefined || ref === undefined) return null;
  const repository = new URL(`https://github.com/${path}`);
  const [, ...inside] = subfolder.split("/");
  return {
    kind: "git",
    repository,
    ref: decodeURIComponent(ref),
    shallow: false,
    subfolder: inside.join("/"),
  };
}

function webModule(given: URL, subfolder: string): ModuleSource {
  const tarball = gitHubTarball(given, subfolder);
  if (tarball !== null) return tarball;
  const url = new URL(given);
  url.username = "";
  const named = url.searchParams.get("archive");
  const format = named ?? formatInName(url.pathname);
  const checksum = url.searchParams.get("checksum");
  for (const own of ["archive", "checksum"]) url.searchParams.delete(own);
  if (format === null || /^(?:0|f|F|false|FALSE|False)$/.test(format))
    return { kind: "page", url, subfolder };
  const known = FORMATS.get(format);
  if (known !== undefined) return { kind: "archive", url, format: known, checksum, subfolder };
  return refused(
    `archives of the kind ${JSON.stringify(format.slice(0, 20))} are not read; offer it as tar.gz or zip`,
  );
}

function formatInName(path: string): string | null {
  return [...FORMATS.keys(), ...OTHER_FORMATS].find((format) => path.endsWith(`.${format}`)) ?? null;
}

function notSupported(getter: string): ModuleSource {
  const kind = KINDS.get(getter);
  return kind === undefined
    ? refused(
        `sources of the kind ${JSON.stringify(getter.slice(0, 20))} are not fetched; use git or a registry`,
      )
    : refused(`${kind}; use git, a registry or an archive over https`);
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["s3", "modules in S3 are not fetched, since no credentials are used for modules"],
  ["gcs", "modules in Google Cloud Storage are not fetched, since no credentials are used for modules"],
  ["hg", "Mercurial repositories are not fetched"],
  ["file", "folders of the machine that runs Terraform are not here"],
  ["ssh", "an address that starts with ssh:// is no source; start it with git::ssh://"],
]);
