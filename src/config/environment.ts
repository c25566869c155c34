import { z } from "zod";
import type { Access } from "./access.ts";
import { accessOf } from "./access-file.ts";
import { EnvironmentError } from "./environment-error.ts";
import { type GitHubAddress, githubOf, githubSettings } from "./github-address.ts";
import { type ModuleSettings, moduleSettings } from "./module-settings.ts";
import { privateKeyOf } from "./private-key.ts";
import type { Intervals } from "./rhythm.ts";

/** What the process does: serve webhooks and pages, work on jobs, or both. */
export type Role = "web" | "worker" | "all";

/** Who the App is on GitHub. Holds secrets: never to be printed. */
export interface AppCredentials {
  readonly appId: number;
  /** In PEM. */
  readonly privateKey: string;
  /** Null where the role serves no webhooks. */
  readonly webhookSecret: string | null;
}

/** What `npm start` runs with. Holds secrets: never to be printed. */
export interface Environment {
  readonly role: Role;
  /** Null: there is no App yet, and the page that sets one up is served on loopback. */
  readonly app: AppCredentials | null;
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  /** Where the data are: PostgreSQL, or the embedded database in a folder. */
  readonly database: { readonly kind: "postgresql"; readonly url: string } | { readonly kind: "embedded" };
  readonly dataDir: string;
  readonly github: GitHubAddress;
  /** Which clouds and states the repositories may use; null: none. */
  readonly access: Access | null;
  /** Keys the hashes of sensitive values; null: the one that the database keeps, made at random at the first start. */
  readonly key: string | null;
  /** How often repositories are scanned. */
  readonly scanIntervals: Intervals;
  /** Where modules of the code are fetched from. */
  readonly modules: ModuleSettings;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What Probot takes for the secret where none is set: everybody knows it. */
const KNOWN_SECRET = "development";
const SHORTEST_KEY = 32;
const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHORTEST_INTERVAL = 15 * UNITS.m;
const LONGEST_INTERVAL = 30 * UNITS.d;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535);
const INTERVAL = "set a time such as 30m, 6h or 1d, from 15m to 30d";
const interval = z
  .string()
  .regex(/^\d{1,4}[mhd]$/)
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
  .refine((time) => time >= SHORTEST_INTERVAL && time <= LONGEST_INTERVAL);

/** What the environment says, as far as it can be used, and what is wrong with it. */
export interface ReviewedEnvironment {
  /** What is missing or wrong has its default, or is null. */
  readonly environment: Environment;
  /** A sentence for each variable that is missing or wrong. No value is quoted: it may be a secret. */
  readonly problems: readonly string[];
}

/**
 * Reads and checks what the process is started with. An empty variable counts as unset.
 * @param readFile gives a file's text, and throws where it cannot be read
 * @throws EnvironmentError that names every variable that is missing or wrong
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
  readFile: (path: string) => string,
): Environment {
  const { environment, problems } = reviewEnvironment(variables, args, readFile);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return environment;
}

/** As `readEnvironment`, for whoever goes on with what can be used. */
export function reviewEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
  readFile: (path: string) => string,
): ReviewedEnvironment {
  const read = new Variables(variables);
  const role = roleOf(args, read.problems);
  const host = read.get("HOST") ?? "127.0.0.1";
  const github = githubOf(githubSettings(read), read.problems);
  const environment: Environment = {
    role,
    app: appOf(read, role, host, readFile),
    port: read.parse("PORT", port, "set a number from 0 (any free port) to 65535") ?? 3000,
    host,
    logLevel: read.parse("LOG_LEVEL", z.enum(LOG_LEVELS), `set one of ${LOG_LEVELS.join(", ")}`) ?? "info",
    database: databaseOf(read, role),
    dataDir: read.get("DATA_DIR") ?? "./data",
    github,
    access: accessOf(read.get("ACCESS_FILE"), readFile, read.problems),
    key: keyOf(read),
    scanIntervals: {
      usual: read.parse("SCAN_INTERVAL", interval, INTERVAL) ?? UNITS.d,
      shortest: read.parse("MIN_SCAN_INTERVAL", interval, INTERVAL) ?? SHORTEST_INTERVAL,
    },
    modules: moduleSettings(read, github.web, read.problems),
  };
  return { environment, problems: read.problems };
}

/** What of the environment no output may have. */
export function secretsOf({ app, key, database }: Environment): string[] {
  const password = database.kind === "postgresql" ? URL.parse(database.url)?.password : undefined;
  const all = [app?.privateKey, app?.webhookSecret, key, password];
  return all.filter((secret) => secret !== undefined && secret !== null && secret !== "") as string[];
}

/** The variables, and what was found to be wrong with them. */
class Variables {
  readonly problems: string[] = [];
  readonly #variables: Readonly<Record<string, string | undefined>>;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#variables = variables;
  }

  get(name: string): string | null {
    return this.#variables[name]?.trim() || null;
  }

  parse<T>(name: string, schema: z.ZodType<T>, advice: string): T | null {
    const text = this.get(name);
    if (text === null) return null;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    this.problems.push(`${name} cannot be used: ${advice}`);
    return null;
  }
}

function roleOf(args: readonly string[], problems: string[]): Role {
  let role: string | undefined = "all";
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg.startsWith("--role=")) role = arg.slice("--role=".length);
    else if (arg === "--role") {
      at += 1;
      role = args[at];
    } else
      problems.push(
        `${JSON.stringify(arg.slice(0, 40).replace(/=.*/, ""))} is no option: give --role=web, --role=worker, --role=all or nothing; --help says more`,
      );
  }
  if (role === "web" || role === "worker" || role === "all") return role;
  problems.push("--role must be web, worker or all");
  return "all";
}

function appOf(
  read: Variables,
  role: Role,
  host: string,
  readFile: (path: string) => string,
): AppCredentials | null {
  const names = ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"];
  if (names.every((name) => read.get(name) === null)) {
    if (role === "all" && LOOPBACK.test(host)) return null;
    read.problems.push(
      role === "all"
        ? "APP_ID is not set, and the page that sets up an App is served on loopback only: set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET, or HOST to 127.0.0.1"
        : `APP_ID is not set: set APP_ID and PRIVATE_KEY${role === "web" ? " and WEBHOOK_SECRET" : ""}; to set up an App, start without --role`,
    );
    return null;
  }
  const appId = appIdOf(read);
  const privateKey = privateKeyOf(
    read.get("PRIVATE_KEY"),
    read.get("PRIVATE_KEY_PATH"),
    readFile,
    read.problems,
  );
  const webhookSecret = webhookSecretOf(read, role);
  return appId === null || privateKey === null ? null : { appId, privateKey, webhookSecret };
}

function appIdOf(read: Variables): number | null {
  if (read.get("APP_ID") === null) {
    read.problems.push("APP_ID is not set: set the number on the App's settings page");
    return null;
  }
  const number = z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number);
  return read.parse(
    "APP_ID",
    number,
    "set the App ID, which is a number (not the client id), from the App's settings page",
  );
}

function webhookSecretOf(read: Variables, role: Role): string | null {
  const secret = read.get("WEBHOOK_SECRET");
  const advice =
    "set the secret on the App's settings page (make one with `openssl rand -hex 32` and set it there too)";
  if (secret === KNOWN_SECRET) read.problems.push(`WEBHOOK_SECRET is a word that everybody knows: ${advice}`);
  else if (secret === null && role !== "worker") {
    read.problems.push(`WEBHOOK_SECRET is not set, and without it anyone could send events: ${advice}`);
  }
  return secret;
}

/** The embedded database serves one process: two would lose each other's rows. */
function databaseOf(read: Variables, role: Role): Environment["database"] {
  const url = read.get("DATABASE_URL");
  if (url === null) {
    if (role !== "all") {
      read.problems.push(
        `DATABASE_URL is not set, and the embedded database serves one process alone: set the address of a PostgreSQL database, or start without --role=${role}`,
      );
    }
    return { kind: "embedded" };
  }
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== "postgres:" && protocol !== "postgresql:") {
    read.problems.push("DATABASE_URL cannot be used: set postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
  }
  return { kind: "postgresql", url };
}

function keyOf(read: Variables): string | null {
  const key = read.get("DRIFTWRIGHT_KEY");
  if (key !== null && key.length < SHORTEST_KEY) {
    read.problems.push(
      `DRIFTWRIGHT_KEY is shorter than ${SHORTEST_KEY} characters, so it could be guessed: make one with \`openssl rand -hex 32\``,
    );
  }
  return key;
}
