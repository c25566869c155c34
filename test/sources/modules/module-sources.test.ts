import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ShelfLimits } from "../../../src/sources/modules/module-limits.ts";
import { SHELF_LIMITS } from "../../../src/sources/modules/module-limits.ts";
import { ModuleSession } from "../../../src/sources/modules/module-session.ts";
import { ModuleShelf } from "../../../src/sources/modules/module-shelf.ts";
import { ModuleSources } from "../../../src/sources/modules/module-sources.ts";
import type { OwnRepositories } from "../../../src/sources/modules/own-repositories.ts";
import { PackageCache } from "../../../src/sources/modules/package-cache.ts";
import { Unobtainable } from "../../../src/sources/modules/unobtainable.ts";
import { memorySnapshot } from "../../../src/terraform/source/snapshot.ts";
import { githubTarball } from "../archive.ts";
import { clientFor, type Host, hosts } from "./loopback.ts";
import { gitHost, plainTarball, registry, zipOf } from "./places.ts";

const start = hosts();
const A = "a".repeat(40);
const B = "b".repeat(40);
const TAG = "c".repeat(40);
const VPC = { "main.tf": "# vpc", "modules/subnet/main.tf": "# subnet" };

let folder: string;
let now = new Date("2027-01-01T00:00:00Z");
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modules-"));
  now = new Date("2027-01-01T00:00:00Z");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Parts {
  readonly own?: OwnRepositories;
  readonly limits?: Partial<ShelfLimits>;
  readonly mostKept?: number;
  readonly onFailure?: (reason: unknown) => void;
  readonly timeout?: number;
}

function sourcesOf(
  places: readonly Host[],
  { mostKept = 10_000_000, onFailure, ...times }: Parts = {},
): ModuleSources {
  const cache = new PackageCache(join(folder, "modules"), mostKept, onFailure);
  return new ModuleSources({ client: clientFor(places, times), cache, now: () => now });
}

function sessionOf(sources: ModuleSources, { own, limits }: Parts = {}): ModuleSession {
  const { signal } = new AbortController();
  return new ModuleSession({ sources, own: own ?? null, signal, limits: { ...SHELF_LIMITS, ...limits } });
}

const shelfOf = (session: ModuleSession, isTrusted = true) =>
  new ModuleShelf(memorySnapshot({ "main.tf": "# root" }), session, isTrusted);

/** What a call gets from a new process: the text of its `main.tf`, or why not. */
async function had(sources: ModuleSources, source: string, version: string | null = null, parts: Parts = {}) {
  const shelf = shelfOf(sessionOf(sources, parts));
  const { folder: place, why } = await shelf.fetch({ source, version });
  if (place === null) return why;
  const bytes = shelf.read(`${place}/main.tf`);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

describe("a registry", () => {
  const REPOSITORY = {
    refs: { "refs/heads/main": A, "refs/tags/v1.2.0": `${TAG}>${B}` },
    commits: { [A]: { "main.tf": "# main" }, [B]: VPC },
  };

  async function world() {
    const git = await start("git.test", gitHost({ "acme/vpc": REPOSITORY }));
    const versions = { "acme/vpc/aws": ["1.0.0", "1.2.0", "2.0.0-beta"] };
    const found = await start(
      "registry.test",
      registry(versions, (_, version) =>
        version === "1.2.0" ? `git::http://${git.host}/acme/vpc?ref=v${version}` : null,
      ),
    );
    return { git, found, source: `${found.host}/acme/vpc/aws` };
  }

  test("is discovered, lists versions, and leads to a git host", async () => {
    const { git, found, source } = await world();
    const shelf = shelfOf(sessionOf(sourcesOf([git, found])));
    const { folder: place } = await shelf.fetch({ source: `${source}//modules/subnet`, version: "~> 1.0" });
    expect(place).toBe(
      `.terraform/modules/${found.host.replace(":", "_")}/acme/vpc/aws/1.2.0/modules/subnet`,
    );
    expect(shelf.list(place ?? "")).toEqual(["main.tf"]);
    expect(found.asked.map(({ path }) => path)).toEqual([
      "/.well-known/terraform.json",
      "/api/modules/v1/acme/vpc/aws/versions",
      "/api/modules/v1/acme/vpc/aws/1.2.0/download",
    ]);
    expect(git.asked.at(-1)?.path).toBe(`/acme/vpc/archive/${B}.tar.gz`);
  });

  test("is not asked for a version that is kept, by no process, ever", async () => {
    const { git, found, source } = await world();
    expect(await had(sourcesOf([git, found]), source, "1.2.0")).toBe("# vpc");
    const before = found.asked.length + git.asked.length;
    now = new Date("2037-01-01T00:00:00Z");
    expect(await had(sourcesOf([git, found]), source, "1.2.0")).toBe("# vpc");
    expect(found.asked.length + git.asked.length).toBe(before);
  });

  test("is asked again for the newest after some minutes, once for all who ask", async () => {
    const { git, found, source } = await world();
    const sources = sourcesOf([git, found]);
    const listed = () => found.asked.filter(({ path }) => path.endsWith("/versions")).length;
    await Promise.all([had(sources, source, "~> 1.0"), had(sources, source), had(sources, source, ">= 1")]);
    expect(listed()).toBe(1);
    now = new Date(now.getTime() + 4 * 60_000);
    await had(sources, source);
    expect(listed()).toBe(1);
    now = new Date(now.getTime() + 2 * 60_000);
    await had(sources, source);
    expect(listed()).toBe(2);
  });

  test.each([
    ["acme/vpc/aws", "~> 3.0", "has no version of it that is ~> 3.0"],
    ["acme/vpc/aws", "latest", 'its version "latest" is not well-formed'],
    ["acme/vpc/aws", "1.0.0", "has no such module"],
    ["acme/gone/aws", null, "has no such module"],
    ["acme/vpc/aws//nowhere", "1.2.0", 'its package has no folder "nowhere"'],
  ])("%s %s: %s", async (module, version, why) => {
    const { git, found } = await world();
    expect(await had(sourcesOf([git, found]), `${found.host}/${module}`, version)).toContain(why);
  });

  test.each([
    ["what is no registry", () => ({ body: "{}" }), "is no registry of modules"],
    ["what is no JSON", () => ({ body: "<html>" }), "something else than JSON"],
    ["one that wants credentials", () => ({ status: 401 }), "wants credentials, which are not used"],
    ["one that is ill", () => ({ status: 503 }), "the status 503; try again later"],
  ])("%s is said", async (_, reply, why) => {
    const found = await start("registry.test", reply);
    expect(await had(sourcesOf([found]), `${found.host}/acme/vpc/aws`)).toContain(why);
  });

  test("may lead to an archive beside it, with a folder around everything", async () => {
    const archive = githubTarball([{ name: "main.tf", content: "# in a folder" }]);
    const answers = registry({ "acme/vpc/aws": ["1.0.0"] }, () => "./archive.tar.gz//*?archive=tar.gz");
    const found = await start("registry.test", (asked) =>
      asked.path === "/api/modules/v1/acme/vpc/aws/1.0.0/archive.tar.gz" ? { body: archive } : answers(asked),
    );
    expect(await had(sourcesOf([found]), `${found.host}/acme/vpc/aws`)).toBe("# in a folder");
  });

  test("never leads to a host that modules are not fetched from", async () => {
    const inside = await start("inside.test", gitHost({ "acme/vpc": REPOSITORY }));
    const found = await start(
      "registry.test",
      registry({ "acme/vpc/aws": ["1.0.0"] }, () => `git::http://${inside.host}/acme/vpc`),
    );
    expect(await had(sourcesOf([found]), `${found.host}/acme/vpc/aws`)).toMatch(
      /inside\.test:\d+" is none of the hosts/,
    );
    expect(inside.asked).toEqual([]);
  });
});

describe("a git repository", () => {
  const text = (name: string) => ({ "main.tf": `# ${name}` });
  const REPOSITORY = {
    refs: {
      "refs/heads/main": A,
      "refs/heads/dev": B,
      "refs/tags/v1": `${TAG}>${B}`,
      "refs/tags/main": B,
      "refs/tags/dev": A,
    },
    commits: { [A]: text("a"), [B]: text("b") },
  };

  test.each([0, 2] as const)("by what its ref means, with version %i of the protocol", async (protocol) => {
    const git = await start("git.test", gitHost({ "acme/vpc": REPOSITORY }, { protocol }));
    const sources = sourcesOf([git]);
    const at = (query: string) => had(sources, `git::http://${git.host}/acme/vpc.git${query}`);
    expect(await at("")).toBe("# a");
    expect(await at("?ref=v1")).toBe("# b");
    expect(await at(`?ref=${B}`)).toBe("# b");
    expect(await at("?ref=refs/heads/dev")).toBe("# b");
    expect(await at("?ref=origin/dev")).toBe("# b");
    // A tag goes before a branch, but before the default one, and in a shallow clone.
    expect(await at("?ref=dev")).toBe("# a");
    expect(await at("?ref=dev&depth=1")).toBe("# b");
    expect(await at("?ref=main")).toBe("# a");
    expect(await at("?ref=gone")).toContain('no branch and no tag "gone"');
  });

  test.each(["github", "gitlab", "bitbucket"] as const)(
    "as an archive like those of %s",
    async (archives) => {
      const git = await start("git.test", gitHost({ "acme/vpc": REPOSITORY }, { archives }));
      expect(await had(sourcesOf([git]), `git::http://${git.host}/acme/vpc.git?ref=v1`)).toBe("# b");
    },
  );

  test("that no archive is given of is said", async () => {
    const git = await start("git.test", gitHost({ "acme/vpc": REPOSITORY }, { archives: "none" }));
    expect(await had(sourcesOf([git]), `git::http://${git.host}/acme/vpc.git`)).toContain(
      "gives no archive of commit aaaaaaaaaaaa",
    );
  });

  test("that is private, or not there, is said", async () => {
    const git = await start("git.test", gitHost({}));
    expect(await had(sourcesOf([git]), `git::http://${git.host}/acme/vpc.git`)).toContain(
      "it is private, or not there",
    );
  });

  test("whose archive is of another commit is not used", async () => {
    const lying = { refs: { "refs/heads/main": A }, commits: { [A]: text("a") } };
    const answers = gitHost({ "acme/vpc": lying });
    const git = await start("git.test", (asked) =>
      asked.path.endsWith(".tar.gz") ? { body: githubTarball([{ name: "main.tf" }], B) } : answers(asked),
    );
    const source = `git::http://${git.host}/acme/vpc`;
    expect(await had(sourcesOf([git]), source)).toContain(
      `its archive cannot be used: the archive holds commit ${B}`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("is downloaded once for a commit, and a branch that moved is seen after some minutes", async () => {
    const moving = { refs: { "refs/heads/main": A }, commits: REPOSITORY.commits };
    const git = await start("git.test", (asked) => gitHost({ "acme/vpc": moving })(asked));
    const sources = sourcesOf([git]);
    const source = `git::http://${git.host}/acme/vpc`;
    const downloads = () => git.asked.filter(({ path }) => path.endsWith(".tar.gz")).length;
    expect([await had(sources, source), await had(sources, source)]).toEqual(["# a", "# a"]);
    expect(downloads()).toBe(1);
    moving.refs["refs/heads/main"] = B;
    expect(await had(sources, source)).toBe("# a");
    now = new Date(now.getTime() + 6 * 60_000);
    expect(await had(sources, source)).toBe("# b");
    expect(downloads()).toBe(2);
  });

  test("by the beginning of a commit's id, which the host completes", async () => {
    const git = await start("git.test", (asked) => {
      const path = asked.path.replace("/archive/bbbbbbb.tar.gz", `/archive/${B}.tar.gz`);
      return gitHost({ "acme/vpc": REPOSITORY })({ ...asked, path });
    });
    expect(await had(sourcesOf([git]), `git::http://${git.host}/acme/vpc?ref=bbbbbbb`)).toBe("# b");
  });
});

describe("an archive", () => {
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

  test("as tar.gz and as zip, by its name or by the query", async () => {
    const zip = zipOf([
      { name: "sub/" },
      { name: "main.tf", content: "# zip" },
      { name: "sub/main.tf", content: "# sub" },
    ]);
    const host = await start("files.test", ({ path }) => ({
      body: path.includes("tar") ? plainTarball(VPC) : zip,
    }));
    const sources = sourcesOf([host]);
    expect(await had(sources, `${host.origin}/vpc.tar.gz`)).toBe("# vpc");
    expect(await had(sources, `${host.origin}/vpc.tar.gz//modules/subnet`)).toBe("# subnet");
    expect(await had(sources, `${host.origin}/vpc.zip//sub`)).toBe("# sub");
    expect(await had(sources, `${host.origin}/any?archive=zip&x=1`)).toBe("# zip");
    expect(host.asked.at(-1)?.path).toBe("/any?x=1");
  });

  test("is kept where the source says its checksum, else asked for by each", async () => {
    const bytes = plainTarball(VPC);
    const host = await start("files.test", () => ({ body: bytes }));
    const sources = sourcesOf([host]);
    const sum = `${host.origin}/vpc.tgz?checksum=sha256:${digest(bytes)}`;
    for (const source of [sum, sum, `${host.origin}/vpc.tgz`, `${host.origin}/vpc.tgz`])
      await had(sources, source);
    expect(host.asked).toHaveLength(3);
    expect(
      await had(
        sources,
        sum.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ),
    ).toContain("another checksum");
    expect(await had(sources, `${host.origin}/vpc.tgz?checksum=file:sums.txt`)).toContain("not well-formed");
  });

  test.each([
    ["a page", "<html>sign in</html>", "something else than an archive"],
    ["half of one", plainTarball(VPC).subarray(0, 60), "its archive cannot be used: the archive is damaged"],
  ])("that is %s is not used", async (_, body, why) => {
    const host = await start("files.test", () => ({ body }));
    expect(await had(sourcesOf([host]), `${host.origin}/vpc.tar.gz`)).toContain(why);
  });

  test.each([
    ["leads out", [{ name: "../main.tf" }]],
    ["is no zip", "no zip"],
    ["claims another size than it has", [{ name: "main.tf", content: "x", size: 9_000 }]],
  ])("a zip that %s is not used", async (_, entries) => {
    const host = await start("files.test", () => ({
      body: typeof entries === "string" ? entries : zipOf(entries),
    }));
    expect(await had(sourcesOf([host]), `${host.origin}/vpc.zip`)).toContain("its archive cannot be used");
  });

  test("links in a zip are no files", async () => {
    const zip = zipOf([
      { name: "main.tf", content: "/etc/passwd", mode: 0o120777 },
      { name: "a.tf", mode: 0o100644 },
    ]);
    const host = await start("files.test", () => ({ body: zip }));
    expect(await had(sourcesOf([host]), `${host.origin}/vpc.zip`)).toBeUndefined();
  });

  test("behind a page that names it, in a header or in its head", async () => {
    const host = await start("files.test", ({ path }) => {
      if (path === "/vpc.tgz") return { body: plainTarball(VPC) };
      if (path === "/header?terraform-get=1") return { headers: { "x-terraform-get": "./vpc.tgz" } };
      if (path === "/round?terraform-get=1") return { headers: { "x-terraform-get": "/round" } };
      return { body: '<head><META content="/vpc.tgz//modules" name="terraform-get"></head>' };
    });
    const sources = sourcesOf([host]);
    expect(await had(sources, `${host.origin}/header`)).toBe("# vpc");
    expect(await had(sources, `${host.origin}/page//subnet`)).toBe("# subnet");
    expect(await had(sources, `${host.origin}/round`)).toContain("leads on more than 3 times");
  });
});

describe("what is read with rights of our own", () => {
  const SECRET = { "main.tf": "# private" };

  /** The App may read `acme/private`. */
  function ownOf(host: string, asked: string[]): OwnRepositories {
    return {
      find: (repository) =>
        repository.host !== host || repository.pathname !== "/acme/private"
          ? null
          : {
              commit: async (ref) => {
                asked.push(`commit ${ref}`);
                return A;
              },
              archive: async () => {
                asked.push("archive");
                return Buffer.from(githubTarball([{ name: "main.tf", content: SECRET["main.tf"] }], A));
              },
            },
    };
  }

  test("is downloaded once, and its owner asked each time whether it still may be", async () => {
    const git = await start("git.test", gitHost({}));
    const asked: string[] = [];
    const own = ownOf(git.host, asked);
    const sources = sourcesOf([git]);
    const source = `git::http://${git.host}/acme/private?ref=${A}`;
    expect(await had(sources, source, null, { own })).toBe("# private");
    expect(await had(sources, source, null, { own })).toBe("# private");
    expect(asked).toEqual([`commit ${A}`, "archive", `commit ${A}`]);
    expect(git.asked).toEqual([]);
  });

  test("is for nobody else, even who knows the commit", async () => {
    const git = await start("git.test", gitHost({}));
    const sources = sourcesOf([git]);
    const source = `git::http://${git.host}/acme/private?ref=${A}`;
    await had(sources, source, null, { own: ownOf(git.host, []) });
    expect(await had(sources, source)).toContain("gives no archive");
  });

  test("is not for code of strangers, unless the repository has it already", async () => {
    const git = await start("git.test", gitHost({}));
    const session = sessionOf(sourcesOf([git]), { own: ownOf(git.host, []) });
    const call = { source: `git::http://${git.host}/acme/private`, version: null };
    expect((await shelfOf(session, false).fetch(call)).why).toContain("it is private, or not there");
    expect((await shelfOf(session, true).fetch(call)).why).toBeNull();
    const bumped = { ...call, source: `${call.source}?ref=v2` };
    expect((await shelfOf(session, false).fetch(bumped)).why).toBeNull();
  });

  test("what may pass is not said to the code, and the work is done again", async () => {
    const git = await start("git.test", gitHost({}));
    const limited = new Error("rate limited until noon");
    const own: OwnRepositories = {
      find: () => ({ commit: () => Promise.reject(limited), archive: () => Promise.reject(limited) }),
    };
    const session = sessionOf(sourcesOf([git]), { own });
    const { why } = await shelfOf(session).fetch({ source: `git::http://${git.host}/acme/x`, version: null });
    expect(why).toBe("fetching it was interrupted");
    expect(() => session.assertSound()).toThrow(limited);
  });

  test("what will not pass is said", async () => {
    const git = await start("git.test", gitHost({}));
    const refused = new Unobtainable("the App cannot read acme/x");
    const own: OwnRepositories = {
      find: () => ({ commit: () => Promise.reject(refused), archive: () => Promise.reject(refused) }),
    };
    const session = sessionOf(sourcesOf([git]), { own });
    const { why } = await shelfOf(session).fetch({ source: `git::http://${git.host}/acme/x`, version: null });
    expect(why).toBe("the App cannot read acme/x");
    session.assertSound();
  });
});

describe("bounds of one repository", () => {
  async function archives(parts: Parts) {
    const host = await start("files.test", ({ path }) => ({ body: plainTarball({ "main.tf": path }) }));
    const session = sessionOf(sourcesOf([host], parts), parts);
    const shelf = shelfOf(session);
    return Promise.all(
      [1, 2, 3].map((n) => shelf.fetch({ source: `${host.origin}/${n}.tgz`, version: null })),
    );
  }

  test.each<[string, Partial<ShelfLimits>, RegExp]>([
    ["packages", { packages: 2 }, /more than 2 packages/],
    ["bytes", { bytes: 15 }, /more than 15 bytes together/],
  ])("of %s", async (_, limits, why) => {
    const results = await archives({ limits });
    expect(results.filter(({ folder: place }) => place !== null)).toHaveLength(2);
    expect(results.find(({ folder: place }) => place === null)?.why).toMatch(why);
  });

  test("of time", async () => {
    const host = await start("files.test", () => ({ body: "x", hang: true }));
    const why = await had(sourcesOf([host]), `${host.origin}/a.tgz`, null, { limits: { milliseconds: 50 } });
    expect(why).toContain("fetching modules took longer than 0.05 seconds");
  });

  test("few are fetched at once", async () => {
    let running = 0;
    let most = 0;
    const own: OwnRepositories = {
      find: () => ({
        commit: async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 5));
          running -= 1;
          return A;
        },
        archive: async () => Buffer.from(githubTarball([{ name: "main.tf" }], A)),
      }),
    };
    const shelf = shelfOf(sessionOf(sourcesOf([]), { own, limits: { atOnce: 2 } }));
    const calls = Array.from({ length: 9 }, (_, n) => ({
      source: `git::https://git.test/acme/${n}`,
      version: null,
    }));
    const results = await Promise.all(calls.map((call) => shelf.fetch(call)));
    expect(results.every(({ why }) => why === null)).toBe(true);
    expect(most).toBe(2);
  });
});

describe("the shelf", () => {
  test("reads packages beside the repository's own files, and nothing of one through another", async () => {
    const host = await start("files.test", () => ({ body: plainTarball(VPC) }));
    const shelf = shelfOf(sessionOf(sourcesOf([host])));
    const { folder: place } = await shelf.fetch({ source: `${host.origin}/vpc.tgz`, version: null });
    expect(new TextDecoder().decode(shelf.read("main.tf"))).toBe("# root");
    expect(shelf.list(place ?? "")).toEqual(["main.tf", "modules/"]);
    expect(shelf.read(`${place}/../../../main.tf`)).toBeUndefined();
    expect(shelf.read(".terraform/modules/other/main.tf")).toBeUndefined();
  });

  test("a version for what is no registry's module is refused, as Terraform does", async () => {
    expect(await had(sourcesOf([]), "git::https://git.test/acme/x", "1.0.0")).toContain(
      "only a registry's modules have a version",
    );
  });
});

describe("what is kept on disk", () => {
  const source = (host: Host, name = "vpc") => `git::${host.origin}/acme/${name}?ref=${A}`;
  const repositories = (names: readonly string[], size = 10) =>
    Object.fromEntries(
      names.map((name) => [
        `acme/${name}`,
        { refs: {}, commits: { [A]: { "main.tf": `# ${name}${"x".repeat(size)}` } } },
      ]),
    );
  const objects = () => readdir(join(folder, "modules/objects"));

  test("the same archive is kept once, and no half file stays", async () => {
    const same = repositories(["vpc"])["acme/vpc"];
    const git = await start(
      "git.test",
      gitHost(same === undefined ? {} : { "acme/vpc": same, "acme/fork": same }),
    );
    const sources = sourcesOf([git]);
    await Promise.all([had(sources, source(git)), had(sources, source(git, "fork"))]);
    expect(await objects()).toHaveLength(1);
    expect(await readdir(join(folder, "modules/entries"))).toHaveLength(2);
  });

  test.each([
    ["another archive in its place", () => "something else"],
    ["half of it", (bytes: Buffer) => bytes.subarray(0, 20)],
  ])("%s is found out, and it is downloaded again", async (_, damage) => {
    const git = await start("git.test", gitHost(repositories(["vpc"])));
    const before = await had(sourcesOf([git]), source(git));
    const [object = ""] = await objects();
    const path = join(folder, "modules/objects", object);
    await writeFile(path, damage(await readFile(path)));
    expect(await had(sourcesOf([git]), source(git))).toBe(before);
    expect(git.asked).toHaveLength(2);
    expect(await had(sourcesOf([git]), source(git))).toBe(before);
    expect(git.asked).toHaveLength(2);
  });

  test("damaged entries count as none", async () => {
    const git = await start("git.test", gitHost(repositories(["vpc"])));
    const before = await had(sourcesOf([git]), source(git));
    const [entry = ""] = await readdir(join(folder, "modules/entries"));
    for (const text of [
      "",
      "{",
      "null",
      '{"key":1}',
      '{"key":"k","object":"../../x","format":"git","subfolder":""}',
    ]) {
      await writeFile(join(folder, "modules/entries", entry), text);
      expect(await had(sourcesOf([git]), source(git))).toBe(before);
    }
  });

  test("what nobody used for the longest time makes room", async () => {
    const names = ["one", "two", "three", "four"];
    // What does not compress, so that sizes add up.
    const noise = (seed: string) =>
      Array.from({ length: 40 }, (_, n) =>
        createHash("sha256")
          .update(seed + n)
          .digest("hex"),
      ).join("");
    const git = await start(
      "git.test",
      gitHost(
        Object.fromEntries(
          names.map((name) => [`acme/${name}`, { refs: {}, commits: { [A]: { "main.tf": noise(name) } } }]),
        ),
      ),
    );
    const sources = sourcesOf([git], { mostKept: 6_000 });
    for (const name of ["one", "two", "three", "one", "four"]) {
      await had(sources, source(git, name));
      now = new Date(now.getTime() + 60_000);
    }
    const asked = git.asked.length;
    await had(sources, source(git, "one"));
    expect(git.asked).toHaveLength(asked);
    await had(sources, source(git, "two"));
    expect(git.asked).toHaveLength(asked + 1);
  });

  test("a folder that cannot be written to is said, and modules are had all the same", async () => {
    await writeFile(join(folder, "modules"), "a file");
    const failures: unknown[] = [];
    const git = await start("git.test", gitHost(repositories(["vpc"])));
    const sources = sourcesOf([git], { onFailure: (reason) => failures.push(reason) });
    expect(await had(sources, source(git))).toContain("# vpc");
    expect(failures.length).toBeGreaterThan(0);
  });
});
