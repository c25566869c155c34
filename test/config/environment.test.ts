import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Environment, readEnvironment } from "../../src/config/environment.ts";
import { EnvironmentError } from "../../src/config/environment-error.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PKCS1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const PKCS8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const SECRET = "very-s3cr3t-webhook";
const APP = { APP_ID: "12345", PRIVATE_KEY: PKCS1, WEBHOOK_SECRET: SECRET };
const DATABASE = "postgresql://driftwright:s3cr3t-word@db.example.com/driftwright";

type Variables = Readonly<Record<string, string | undefined>>;

const FILES = new Map([
  ["/run/secrets/app.pem", PKCS8],
  ["/run/secrets/other", "s3cr3t-word"],
  ["/etc/access.yml", "version: 1\nallow: []\n"],
  ["/etc/mistaken.yml", "version: 1\nallow:\n  - repositories: []\n"],
]);

function readFile(path: string): string {
  const text = FILES.get(path);
  if (text === undefined) throw Object.assign(new Error(`no s3cr3t-word at ${path}`), { code: "ENOENT" });
  return text;
}

const MODULE_HOSTS = ["registry.terraform.io", "registry.opentofu.org", "github.com", "codeload.github.com"];

function read(variables: Variables, args: readonly string[] = []): Environment {
  return readEnvironment(variables, args, readFile);
}

function problems(variables: Variables, args: readonly string[] = []): readonly string[] {
  try {
    read(variables, args);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return expect.fail("it was accepted");
}

describe("what the process starts with", () => {
  test("credentials alone", () => {
    expect(read(APP)).toEqual({
      role: "all",
      app: { appId: 12345, privateKey: PKCS1, webhookSecret: SECRET },
      port: 3000,
      host: "127.0.0.1",
      logLevel: "info",
      database: { kind: "embedded" },
      dataDir: "./data",
      github: { api: "https://api.github.com", web: "https://github.com" },
      access: null,
      key: null,
      scanIntervals: { usual: 86_400_000, shortest: 900_000 },
      modules: { hosts: MODULE_HOSTS, networks: [] },
    });
  });

  test("nothing: the set-up page, on loopback", () => {
    expect(read({}).app).toBeNull();
    expect(read({ HOST: "localhost", APP_ID: "", WEBHOOK_SECRET: "  " }).app).toBeNull();
    expect(read({ HOST: "::1" }).app).toBeNull();
  });

  test.each<[string, Variables, readonly string[], Partial<Environment>]>([
    ["a port", { PORT: "8080" }, [], { port: 8080 }],
    ["any free port", { PORT: "0" }, [], { port: 0 }],
    ["a host", { HOST: "0.0.0.0" }, [], { host: "0.0.0.0" }],
    ["a log level", { LOG_LEVEL: "debug" }, [], { logLevel: "debug" }],
    ["a folder", { DATA_DIR: "/var/lib/driftwright" }, [], { dataDir: "/var/lib/driftwright" }],
    ["a database", { DATABASE_URL: DATABASE }, [], { database: { kind: "postgresql", url: DATABASE } }],
    ["a key", { DRIFTWRIGHT_KEY: "k".repeat(32) }, [], { key: "k".repeat(32) }],
    ["minutes", { SCAN_INTERVAL: "15m" }, [], { scanIntervals: { usual: 900_000, shortest: 900_000 } }],
    ["hours", { SCAN_INTERVAL: "6h" }, [], { scanIntervals: { usual: 21_600_000, shortest: 900_000 } }],
    [
      "the shortest interval",
      { MIN_SCAN_INTERVAL: "2h" },
      [],
      { scanIntervals: { usual: 86_400_000, shortest: 7_200_000 } },
    ],
    ["days", { SCAN_INTERVAL: "30d" }, [], { scanIntervals: { usual: 2_592_000_000, shortest: 900_000 } }],
    ["a role", { DATABASE_URL: DATABASE }, ["--role=web"], { role: "web" }],
    ["a role, apart", { DATABASE_URL: DATABASE }, ["--role", "worker"], { role: "worker" }],
    ["the role all", {}, ["--role=all"], { role: "all" }],
    ["what is allowed", { ACCESS_FILE: "/etc/access.yml" }, [], { access: { grants: [] } }],
    [
      "hosts of modules",
      { MODULE_HOSTS: "Registry.example.com, *.example.com:8443 ,http://[::1]:80" },
      [],
      { modules: { hosts: ["Registry.example.com", "*.example.com:8443", "http://[::1]:80"], networks: [] } },
    ],
    ["no hosts of modules", { MODULE_HOSTS: "none" }, [], { modules: { hosts: [], networks: [] } }],
    [
      "a GitHub of one's own among them",
      { GHE_HOST: "github.example.com", MODULE_NETWORKS: "10.1.0.0/16,fd00::/8" },
      [],
      {
        modules: {
          hosts: [...MODULE_HOSTS, "github.example.com"],
          networks: ["10.1.0.0/16", "fd00::/8"],
        },
      },
    ],
    ["blanks around", { PORT: " 8080\n" }, [], { port: 8080 }],
  ])("%s", (_name, variables, args, expected) => {
    expect(read({ ...APP, ...variables }, args)).toMatchObject(expected);
  });

  test("a worker needs no webhook secret", () => {
    const variables = { ...APP, WEBHOOK_SECRET: undefined, DATABASE_URL: DATABASE };
    expect(read(variables, ["--role=worker"]).app?.webhookSecret).toBeNull();
  });
});

describe("the private key", () => {
  test.each<[string, Variables, string]>([
    ["in PEM", { PRIVATE_KEY: PKCS1 }, PKCS1],
    ["in the newer PEM", { PRIVATE_KEY: PKCS8 }, PKCS8],
    ["with \\n for its line ends", { PRIVATE_KEY: PKCS1.replaceAll("\n", "\\n") }, PKCS1],
    ["in quotes", { PRIVATE_KEY: `"${PKCS1.replaceAll("\n", "\\n")}"` }, PKCS1],
    ["with line ends of Windows", { PRIVATE_KEY: PKCS1.replaceAll("\n", "\r\n") }, PKCS1],
    ["in base64", { PRIVATE_KEY: Buffer.from(PKCS1).toString("base64") }, PKCS1],
    [
      "in base64 with line ends",
      {
        PRIVATE_KEY: Buffer.from(PKCS1).toString("base64").replace(/.{76}/g, "$&\n"),
      },
      PKCS1,
    ],
    ["in a file", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/run/secrets/app.pem" }, PKCS8],
  ])("%s", (_name, variables, pem) => {
    expect(read({ ...APP, ...variables }).app?.privateKey).toBe(pem);
  });
});

describe("where GitHub is", () => {
  const server = { api: "https://github.example.com/api/v3", web: "https://github.example.com" };
  const residency = { api: "https://api.example.ghe.com", web: "https://example.ghe.com" };
  const github = { api: "https://api.github.com", web: "https://github.com" };

  test.each<[Variables, Environment["github"]]>([
    [{ GHE_HOST: "github.example.com" }, server],
    [{ GHE_HOST: "GitHub.Example.com", GHE_PROTOCOL: "https" }, server],
    [
      { GHE_HOST: "github.example.com:8443" },
      { api: "https://github.example.com:8443/api/v3", web: "https://github.example.com:8443" },
    ],
    [{ GHE_HOST: "example.ghe.com" }, residency],
    [{ GHE_HOST: "api.example.ghe.com" }, residency],
    [{ GHE_HOST: "github.com" }, github],
    [{ GITHUB_API_URL: "https://github.example.com/api/v3/" }, server],
    [{ GITHUB_API_URL: "https://api.example.ghe.com" }, residency],
    [{ GITHUB_API_URL: "https://api.github.com/" }, github],
    [{ GITHUB_API_URL: "https://api.github.com", GHE_HOST: "github.com" }, github],
    [{ GITHUB_API_URL: "https://github.example.com/api/v3", GHE_HOST: "github.example.com" }, server],
    [
      { GITHUB_API_URL: "http://127.0.0.1:4000" },
      { api: "http://127.0.0.1:4000", web: "http://127.0.0.1:4000" },
    ],
  ])("%j", (variables, expected) => {
    expect(read({ ...APP, ...variables }).github).toEqual(expected);
  });
});

describe("refused, each with its variable and what to set", () => {
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
    type: "pkcs1",
    format: "pem",
  });
  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });

  test.each<[string, Variables, readonly string[], RegExp]>([
    [
      "no secret",
      { WEBHOOK_SECRET: undefined },
      [],
      /^WEBHOOK_SECRET is not set.*anyone could send events: set the secret on/,
    ],
    ["an empty secret", { WEBHOOK_SECRET: " " }, [], /^WEBHOOK_SECRET is not set/],
    [
      "Probot's secret",
      { WEBHOOK_SECRET: "development" },
      [],
      /^WEBHOOK_SECRET is a word that everybody knows.*openssl rand/,
    ],
    ["no id", { APP_ID: undefined }, [], /^APP_ID is not set: set the number/],
    ["a client id", { APP_ID: "Iv23s3cr3t-word" }, [], /^APP_ID cannot be used: .*not the client id/],
    ["a negative id", { APP_ID: "-1" }, [], /^APP_ID cannot be used/],
    ["no key", { PRIVATE_KEY: undefined }, [], /^PRIVATE_KEY is not set: .*PRIVATE_KEY_PATH/],
    [
      "two keys",
      { PRIVATE_KEY_PATH: "/run/secrets/app.pem" },
      [],
      /^PRIVATE_KEY and PRIVATE_KEY_PATH are both set/,
    ],
    [
      "a key that is none",
      { PRIVATE_KEY: "s3cr3t-word" },
      [],
      /^PRIVATE_KEY is no private key in PEM or base64/,
    ],
    ["half of a key", { PRIVATE_KEY: PKCS1.slice(0, 500) }, [], /^PRIVATE_KEY is damaged/],
    [
      "a public key",
      { PRIVATE_KEY: PKCS1.replaceAll("PRIVATE", "PUBLIC") },
      [],
      /^PRIVATE_KEY is no private key/,
    ],
    ["a weak key", { PRIVATE_KEY: weak.toString() }, [], /no RSA key of 2048 bits/],
    ["a key of another kind", { PRIVATE_KEY: elliptic.toString() }, [], /no RSA key of 2048 bits/],
    [
      "no access file",
      { ACCESS_FILE: "/none" },
      [],
      /^ACCESS_FILE names a file that cannot be read \(ENOENT\)/,
    ],
    [
      "a mistake in the access file",
      { ACCESS_FILE: "/etc/mistaken.yml" },
      [],
      /^ACCESS_FILE: \/etc\/mistaken\.yml:3:19: allow\[0\]\.repositories must be/,
    ],
    [
      "no file",
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/none" },
      [],
      /^PRIVATE_KEY_PATH names a file that cannot be read \(ENOENT\)/,
    ],
    [
      "another file",
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/run/secrets/other" },
      [],
      /^PRIVATE_KEY_PATH is no private key/,
    ],
    ["a port that is a word", { PORT: "http" }, [], /^PORT cannot be used: set a number from 0/],
    ["a port too high", { PORT: "65536" }, [], /^PORT cannot be used/],
    ["a host with a path", { MODULE_HOSTS: "github.com,example.com/x" }, [], /^MODULE_HOSTS cannot be used/],
    ["a host with a password", { MODULE_HOSTS: "https://a:s3cr3t@b" }, [], /^MODULE_HOSTS cannot be used/],
    ["every host", { MODULE_HOSTS: "*" }, [], /^MODULE_HOSTS cannot be used/],
    ["an address for a network", { MODULE_NETWORKS: "10.1.0.0" }, [], /^MODULE_NETWORKS cannot be used/],
    ["a log level", { LOG_LEVEL: "loud" }, [], /^LOG_LEVEL cannot be used: set one of trace, debug/],
    [
      "another database",
      { DATABASE_URL: "mysql://u:s3cr3t-word@h/d" },
      [],
      /^DATABASE_URL cannot be used: set postgresql:/,
    ],
    ["no address", { DATABASE_URL: "s3cr3t-word" }, [], /^DATABASE_URL cannot be used/],
    ["a short key", { DRIFTWRIGHT_KEY: "s3cr3t-word" }, [], /^DRIFTWRIGHT_KEY is shorter than 32 characters/],
    [
      "too often",
      { SCAN_INTERVAL: "14m" },
      [],
      /^SCAN_INTERVAL cannot be used: set a time such as 30m, 6h or 1d, from 15m to 30d/,
    ],
    ["too seldom", { SCAN_INTERVAL: "31d" }, [], /^SCAN_INTERVAL cannot be used/],
    ["no unit", { SCAN_INTERVAL: "3600" }, [], /^SCAN_INTERVAL cannot be used/],
    ["a role", {}, ["--role=both"], /^--role must be web, worker or all/],
    ["a role without its name", {}, ["--role"], /^--role must be/],
    ["an unknown option", {}, ["--kee=s3cr3t"], /^"--kee" is no option/],
    [
      "a web process alone",
      {},
      ["--role=web"],
      /^DATABASE_URL is not set, and the embedded database serves one process alone/,
    ],
    [
      "a host with a path",
      { GHE_HOST: "https://github.example.com" },
      [],
      /^GHE_HOST cannot be used: set the host alone/,
    ],
    [
      "plain http",
      { GHE_HOST: "github.example.com", GHE_PROTOCOL: "http" },
      [],
      /^GHE_PROTOCOL must be https/,
    ],
    [
      "an API on plain http",
      { GITHUB_API_URL: "http://github.example.com" },
      [],
      /^GITHUB_API_URL cannot be used/,
    ],
    [
      "an API with a password",
      { GITHUB_API_URL: "https://u:s3cr3t-word@h.example.com" },
      [],
      /^GITHUB_API_URL cannot be used/,
    ],
    [
      "two places",
      { GHE_HOST: "a.example.com", GITHUB_API_URL: "https://b.example.com/api/v3" },
      [],
      /^GHE_HOST and GITHUB_API_URL name different places/,
    ],
  ])("%s", (_name, variables, args, message) => {
    const found = problems({ ...APP, ...variables }, args);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
    expect(found[0]).not.toMatch(/s3cr3t|MII/);
  });

  test.each<[string, Variables, readonly string[], RegExp]>([
    [
      "the set-up page in a network",
      { HOST: "0.0.0.0" },
      [],
      /^APP_ID is not set, and the page .* on loopback only/,
    ],
    ["a host that looks like loopback", { HOST: "127.0.0.1.example.com" }, [], /on loopback only/],
    [
      "the set-up page in a worker",
      { DATABASE_URL: DATABASE },
      ["--role=worker"],
      /^APP_ID is not set: set APP_ID and PRIVATE_KEY; to set up/,
    ],
  ])("without credentials: %s", (_name, variables, args, message) => {
    expect(problems(variables, args).join("\n")).toMatch(message);
  });

  test("everything at once", () => {
    const found = problems({ WEBHOOK_SECRET: "development", PORT: "x", SCAN_INTERVAL: "x" }, ["-x"]);
    expect(found.map((line) => line.split(" ")[0])).toEqual([
      '"-x"',
      "APP_ID",
      "PRIVATE_KEY",
      "WEBHOOK_SECRET",
      "PORT",
      "SCAN_INTERVAL",
    ]);
  });
});
