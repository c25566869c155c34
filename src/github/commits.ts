import { Occupied } from "./errors.ts";
import { type GitHub, inRepository, ONCE, type RepositoryRef } from "./github.ts";

/** A file as a commit leaves it; null deletes it. A text is written as UTF-8. */
export interface FileContent {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array | null;
}

type Mode = "100644" | "100755" | "120000" | "040000" | "160000";

/** The tree that a commit has. */
export async function treeOf(github: GitHub, repository: RepositoryRef, sha: string): Promise<string> {
  const { data } = await github.rest.git.getCommit({ ...inRepository(repository), commit_sha: sha });
  return data.tree.sha;
}

/** The commits that a commit follows, the one that others were merged into first. */
export async function parentsOf(
  github: GitHub,
  repository: RepositoryRef,
  sha: string,
): Promise<readonly string[]> {
  const { data } = await github.rest.git.getCommit({ ...inRepository(repository), commit_sha: sha });
  return data.parents.map((parent) => parent.sha);
}

/** When a commit was made, or last rewritten: merged with a squash or a rebase, for one. */
export async function committedAt(github: GitHub, repository: RepositoryRef, sha: string): Promise<Date> {
  const { data } = await github.rest.git.getCommit({ ...inRepository(repository), commit_sha: sha });
  return new Date(data.committer.date);
}

/** Whether any commit up to one has changed a file: then the file is there, or was there once. */
export async function wasEverThere(
  github: GitHub,
  repository: RepositoryRef,
  { sha, path }: { readonly sha: string; readonly path: string },
): Promise<boolean> {
  const { data } = await github.rest.repos.listCommits({
    ...inRepository(repository),
    sha,
    path,
    per_page: 1,
  });
  return data.length > 0;
}

/**
 * Makes the tree of a commit with some files changed; files keep their modes.
 * @returns the sha of the tree
 * @throws Occupied where a file is now a symbolic link, a folder or a submodule
 */
export async function createTree(
  github: GitHub,
  repository: RepositoryRef,
  onto: string,
  files: readonly FileContent[],
): Promise<string> {
  const base = await treeOf(github, repository, onto);
  const folders = new Folders(github, repository, base);
  const tree = [];
  for (const { path, content } of files) {
    const mode = await folders.modeOf(path);
    if (content === null) {
      if (mode !== null) tree.push({ path, mode, type: "blob" as const, sha: null });
      continue;
    }
    if (mode !== null && mode !== "100644" && mode !== "100755") throw notAFile(path, mode);
    const entry = { path, mode: mode ?? "100644", type: "blob" as const };
    // A text needs no request of its own, and each write waits for its turn.
    if (typeof content === "string") tree.push({ ...entry, content });
    else tree.push({ ...entry, sha: await createBlob(github, repository, content) });
  }
  if (tree.length === 0) return base;
  const { data } = await github.rest.git.createTree({
    ...inRepository(repository),
    base_tree: base,
    tree,
    ...ONCE,
  });
  return data.sha;
}

/**
 * Makes the commit of a tree, which no branch has yet; gives its sha. GitHub is left to say who made it, and signs it
 * therefore.
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
 */
export async function commitTree(
  github: GitHub,
  repository: RepositoryRef,
  { message, parents }: { readonly message: string; readonly parents: readonly string[] },
  tree: string,
): Promise<string> {
  const { data } = await github.rest.git.createCommit({
    ...inRepository(repository),
    message,
    tree,
    parents: [...parents],
    ...ONCE,
  });
  return data.sha;
}

async function createBlob(github: GitHub, repository: RepositoryRef, content: Uint8Array): Promise<string> {
  const { data } = await github.rest.git.createBlob({
    ...inRepository(repository),
    content: Buffer.from(content).toString("base64"),
    encoding: "base64",
    ...ONCE,
  });
  return data.sha;
}

/** The entries of the folders on the way to some files, each read once: the whole tree may be too large to be listed. */
class Folders {
  readonly #github: GitHub;
  readonly #repository: RepositoryRef;
  readonly #root: string;
  readonly #read = new Map<string, Promise<ReadonlyMap<string, { mode: Mode; sha: string }>>>();

  constructor(github: GitHub, repository: RepositoryRef, root: string) {
    this.#github = github;
    this.#repository = repository;
    this.#root = root;
  }

  /** The mode of what is at a path now; null where nothing is. */
  async modeOf(path: string): Promise<Mode | null> {
    const names = path.split("/");
    let tree = this.#root;
    for (const [index, name] of names.entries()) {
      const entry = (await this.#entries(tree)).get(name);
      if (entry === undefined) return null;
      if (index === names.length - 1) return entry.mode;
      if (entry.mode !== "040000") throw notAFile(names.slice(0, index + 1).join("/"), entry.mode);
      tree = entry.sha;
    }
    return null;
  }

  #entries(tree: string): Promise<ReadonlyMap<string, { mode: Mode; sha: string }>> {
    const known = this.#read.get(tree);
    if (known !== undefined) return known;
    const reading = this.#list(tree);
    this.#read.set(tree, reading);
    return reading;
  }

  async #list(tree: string): Promise<ReadonlyMap<string, { mode: Mode; sha: string }>> {
    const { data } = await this.#github.rest.git.getTree({
      ...inRepository(this.#repository),
      tree_sha: tree,
    });
    return new Map(data.tree.map(({ path, mode, sha }) => [path, { mode: mode as Mode, sha }]));
  }
}

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  "040000": "a folder",
  "100644": "a file",
  "100755": "a file",
  "120000": "a symbolic link",
  "160000": "a submodule",
};

function notAFile(path: string, mode: Mode): Occupied {
  const what = MODE_WORDS[mode];
  return new Occupied(
    `${path} is ${what} in the repository, and is not written over`,
    "POST /repos/{owner}/{repo}/git/trees",
    null,
  );
}
