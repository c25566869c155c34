import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import type { EmulatedGitHub } from "../github/server.ts";

export interface SeenIssue {
  readonly number: number;
  readonly isPull: boolean;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string;
  readonly author: string;
}

export interface SeenPull extends SeenIssue {
  readonly branch: string;
  readonly headSha: string;
  readonly merged: boolean;
}

export interface SeenFile {
  readonly path: string;
  /** The hunks of its diff. */
  readonly patch: string;
}

export interface SeenCheck {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly SeenAnnotation[];
}

export interface SeenAnnotation {
  readonly path: string;
  readonly line: number;
  readonly level: string;
  readonly title: string;
  readonly message: string;
}

/** A repository as a person finds it on GitHub, read over its API. */
export class SeenRepository {
  readonly #github: EmulatedGitHub;
  readonly #fullName: string;

  constructor(github: EmulatedGitHub, fullName: string) {
    this.#github = github;
    this.#fullName = fullName;
  }

  /** Issues and pull requests, the oldest first. */
  async issues(): Promise<readonly SeenIssue[]> {
    const all = await this.#list("issues?state=all&per_page=100");
    return all.map(issueOf).toSorted((a, b) => a.number - b.number);
  }

  async pull(number: number): Promise<SeenPull> {
    const pull = await this.#get(`pulls/${number}`);
    const head = objectAt(pull, "head");
    return {
      ...issueOf(pull),
      isPull: true,
      branch: textAt(head, "ref"),
      headSha: textAt(head, "sha"),
      merged: pull["merged"] === true,
    };
  }

  async files(pullNumber: number): Promise<readonly SeenFile[]> {
    const files = await this.#list(`pulls/${pullNumber}/files`);
    return files.map((file) => ({ path: textAt(file, "filename"), patch: textAt(file, "patch") }));
  }

  async comments(number: number): Promise<readonly string[]> {
    return (await this.#list(`issues/${number}/comments`)).map((comment) => textAt(comment, "body"));
  }

  async checks(commit: string): Promise<readonly SeenCheck[]> {
    const runs = (await this.#get(`commits/${commit}/check-runs`))["check_runs"];
    return Promise.all(itemsOf(runs ?? []).map((run) => this.#check(run)));
  }

  async #check(run: JsonObject): Promise<SeenCheck> {
    const annotations = await this.#list(`check-runs/${run["id"]}/annotations`);
    const output = objectAt(run, "output");
    return {
      name: textAt(run, "name"),
      status: textAt(run, "status"),
      conclusion: typeof run["conclusion"] === "string" ? run["conclusion"] : null,
      title: textAt(output, "title"),
      summary: textAt(output, "summary"),
      text: textAt(output, "text"),
      annotations: annotations.map((each) => ({
        path: textAt(each, "path"),
        line: Number(each["start_line"]),
        level: textAt(each, "annotation_level"),
        title: textAt(each, "title"),
        message: textAt(each, "message"),
      })),
    };
  }

  async hasBranch(name: string): Promise<boolean> {
    const path = `/repos/${this.#fullName}/git/ref/heads%2F${encodeURIComponent(name)}`;
    return (await this.#github.person("alice").try("GET", path)).status === 200;
  }

  async #get(path: string): Promise<JsonObject> {
    return this.#github.person("alice").send("GET", `/repos/${this.#fullName}/${path}`);
  }

  async #list(path: string): Promise<readonly JsonObject[]> {
    const { status, body } = await this.#github
      .person("alice")
      .try("GET", `/repos/${this.#fullName}/${path}`);
    if (status !== 200 || body instanceof Uint8Array) throw new Error(`GET ${path}: ${status}`);
    return itemsOf(body);
  }
}

function issueOf(issue: JsonObject): SeenIssue {
  return {
    number: Number(issue["number"]),
    isPull: isJsonObject(issue["pull_request"] ?? null),
    state: issue["state"] === "open" ? "open" : "closed",
    title: textAt(issue, "title"),
    body: textAt(issue, "body"),
    author: textAt(objectAt(issue, "user"), "login"),
  };
}

function itemsOf(list: Json): readonly JsonObject[] {
  return isJsonArray(list) ? list.filter(isJsonObject) : [];
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value ?? null) ? (value as JsonObject) : {};
}

function textAt(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === "string" ? value : "";
}
