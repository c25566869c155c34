import { isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import { objectOf } from "./call.ts";
import type { Answer, Upstream } from "./exchange.ts";
import { tokenOf, type World } from "./world.ts";

export type Files = Readonly<Record<string, string | Uint8Array | null>>;

export interface PersonCommit {
  readonly branch: string;
  readonly files: Files;
  readonly message?: string;
  /** Modes other than that of a plain file. */
  readonly modes?: Readonly<Record<string, "100755" | "120000">>;
}

/** Someone with write access, doing what people do on GitHub. */
export class Person {
  readonly login: string;
  readonly #front: Upstream;
  readonly #world: World;

  /** @param front the emulated GitHub as everyone sees it */
  constructor(login: string, front: Upstream, world: World) {
    this.login = login;
    this.#front = front;
    this.#world = world;
  }

  /** Any request. */
  async send(method: string, path: string, body: Json = null): Promise<JsonObject> {
    const given = await this.try(method, path, body);
    if (given.status >= 300)
      throw new Error(`${method} ${path}: ${given.status} ${JSON.stringify(given.body)}`);
    return objectOf(given);
  }

  /** Any request, whatever comes of it. */
  try(method: string, path: string, body: Json = null): Promise<Answer> {
    return this.#front.send({ method, path, body, authorization: `token ${tokenOf(this.login)}` });
  }

  /** Commits to a branch, which is made from the default branch where it is not there. Gives the commit. */
  async commit(fullName: string, commit: PersonCommit): Promise<string> {
    const { branch, message = "a change" } = commit;
    const there = await this.#world.headOf(fullName, branch);
    const parent = there ?? (await this.#world.headOf(fullName, "main"));
    const tree = await this.#tree(fullName, parent, commit);
    const parents = parent === null ? [] : [parent];
    const { sha } = await this.send("POST", `/repos/${fullName}/git/commits`, { message, tree, parents });
    await this.#moveBranch(fullName, branch, String(sha), there === null);
    return String(sha);
  }

  /** Opens a pull request into the default branch; gives its number. */
  async openPullRequest(fullName: string, head: string, title = "A change", body = ""): Promise<number> {
    const pull = await this.send("POST", `/repos/${fullName}/pulls`, { title, head, base: "main", body });
    return Number(pull["number"]);
  }

  async closePullRequest(fullName: string, number: number): Promise<void> {
    await this.send("PATCH", `/repos/${fullName}/pulls/${number}`, { state: "closed" });
  }

  async closeIssue(
    fullName: string,
    number: number,
    as: "completed" | "not_planned" | "duplicate" = "completed",
  ): Promise<void> {
    const body = { state: "closed", state_reason: as };
    await this.send("PATCH", `/repos/${fullName}/issues/${number}`, body);
  }

  async openIssue(fullName: string, title: string, body: string): Promise<number> {
    return Number((await this.send("POST", `/repos/${fullName}/issues`, { title, body }))["number"]);
  }

  /** Gives the id of the comment. */
  async comment(fullName: string, number: number, body: string): Promise<number> {
    const { id } = await this.send("POST", `/repos/${fullName}/issues/${number}/comments`, { body });
    return Number(id);
  }

  async deleteBranch(fullName: string, branch: string): Promise<void> {
    await this.send("DELETE", `/repos/${fullName}/git/refs/heads%2F${encodeURIComponent(branch)}`);
  }

  /** Merges a pull request with a merge commit that has the branch's files; gives the commit. */
  async merge(fullName: string, number: number, now: Date): Promise<string> {
    const pull = this.#world.pullsOf(fullName).get(number);
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    const base = await this.#world.headOf(fullName, pull.base);
    const { tree } = await this.send("GET", `/repos/${fullName}/git/commits/${pull.headSha}`);
    const { sha } = await this.send("POST", `/repos/${fullName}/git/commits`, {
      message: `Merge pull request #${number}`,
      tree: isJsonObject(tree) ? String(tree["sha"]) : "",
      parents: [String(base), pull.headSha],
    });
    await this.#moveBranch(fullName, pull.base, String(sha), false);
    pull.mergedAt = now.toISOString();
    await this.closePullRequest(fullName, number);
    return String(sha);
  }

  async #tree(fullName: string, parent: string | null, { files, modes = {} }: PersonCommit): Promise<string> {
    const tree: Json[] = [];
    for (const [path, content] of Object.entries(files)) {
      const entry = { path, mode: modes[path] ?? "100644", type: "blob" };
      if (content === null) tree.push({ ...entry, sha: null });
      else if (typeof content === "string") tree.push({ ...entry, content });
      else {
        const blob = { content: Buffer.from(content).toString("base64"), encoding: "base64" };
        const { sha } = await this.send("POST", `/repos/${fullName}/git/blobs`, blob);
        tree.push({ ...entry, sha: String(sha) });
      }
    }
    const onto = parent === null ? null : await this.send("GET", `/repos/${fullName}/git/commits/${parent}`);
    const base =
      onto === null || !isJsonObject(onto["tree"]) ? {} : { base_tree: String(onto["tree"]["sha"]) };
    return String((await this.send("POST", `/repos/${fullName}/git/trees`, { ...base, tree }))["sha"]);
  }

  async #moveBranch(fullName: string, branch: string, sha: string, isNew: boolean): Promise<void> {
    if (isNew) await this.send("POST", `/repos/${fullName}/git/refs`, { ref: `refs/heads/${branch}`, sha });
    else {
      const ref = `heads%2F${encodeURIComponent(branch)}`;
      await this.send("PATCH", `/repos/${fullName}/git/refs/${ref}`, { sha, force: false });
    }
  }
}
