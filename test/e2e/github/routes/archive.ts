import { once } from "node:events";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pack as newPack } from "tar-stream";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { globalHeader, tarOf } from "../../../sources/archive.ts";
import { type Handler, objectOf } from "../call.ts";
import { answer, refusal } from "../exchange.ts";
import type { World } from "../world.ts";

/** Sends the reader to where archives are, as GitHub does; the emulator behind has none. */
export const downloadTarball: Handler = async (call) => {
  const { fullName, world } = call;
  const ref = call.parameter("ref");
  const commit = await world.upstream.send({
    method: "GET",
    path: `/repos/${fullName}/commits/${encodeURIComponent(ref)}`,
    authorization: call.request.headers.authorization,
  });
  if (commit.status !== 200) return commit;
  const sha = String(objectOf(commit)["sha"]);
  const key = `${fullName}/legacy.tar.gz/${sha}`;
  if (!world.archives.has(key)) world.archives.set(key, await archive(world, fullName, sha));
  return answer(302, null, { location: `${world.url}/_codeload/${key}` });
};

/** The commit that a name means; asked for so, by its id alone. */
export const getCommit: Handler = async (call) => {
  const commit = await call.world.upstream.send({
    method: "GET",
    path: `/repos/${call.fullName}/commits/${encodeURIComponent(call.parameter("ref"))}`,
    authorization: call.request.headers.authorization,
  });
  if (commit.status !== 200 || call.request.headers.accept !== "application/vnd.github.v3.sha") return commit;
  const body = Buffer.from(String(objectOf(commit)["sha"]));
  return { status: 200, headers: { "content-type": "application/vnd.github.v3.sha; charset=utf-8" }, body };
};

/** What is behind that address. */
export function codeload(world: World, path: string) {
  const bytes = world.archives.get(path.replace(/^\/_codeload\//, ""));
  return bytes === undefined
    ? refusal(404, "Not Found")
    : { status: 200, headers: { "content-type": "application/x-gzip" }, body: bytes };
}

async function archive(world: World, fullName: string, sha: string): Promise<Uint8Array> {
  const { tree: entries } = await gitObject(world, `/repos/${fullName}/git/trees/${sha}?recursive=1`);
  const pack = newPack();
  const pieces: Buffer[] = [];
  pack.on("data", (piece) => pieces.push(piece as Buffer));
  const ended = once(pack, "end");
  const folder = `${fullName.replace("/", "-")}-${sha.slice(0, 7)}`;
  for (const entry of isJsonArray(entries) ? entries.filter(isJsonObject) : []) {
    const name = `${folder}/${String(entry["path"])}`;
    if (entry["type"] === "tree") pack.entry({ name: `${name}/`, type: "directory", mode: 0o775 });
    if (entry["type"] !== "blob") continue;
    const content = await blob(world, fullName, String(entry["sha"]));
    if (entry["mode"] === "120000") pack.entry({ name, type: "symlink", linkname: content.toString() });
    else pack.entry({ name, mode: entry["mode"] === "100755" ? 0o775 : 0o664 }, content);
  }
  pack.finalize();
  await ended;
  // Git says first which commit it is.
  return promisify(gzip)(Buffer.concat([tarOf([globalHeader(sha)], 0), ...pieces]));
}

/** Asked for once: commits share most of theirs, and the emulator behind answers 5,000 requests an hour. */
async function blob(world: World, fullName: string, sha: string): Promise<Buffer> {
  const known = world.blobs.get(sha);
  if (known !== undefined) return known;
  const { content } = await gitObject(world, `/repos/${fullName}/git/blobs/${sha}`);
  const bytes = Buffer.from(String(content), "base64");
  world.blobs.set(sha, bytes);
  return bytes;
}

async function gitObject(world: World, path: string): Promise<JsonObject> {
  const { status, body } = await world.ask("GET", path);
  if (status !== 200 || !isJsonObject(body as Json)) throw new Error(`no archive: GET ${path}: ${status}`);
  return body as JsonObject;
}
