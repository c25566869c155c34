import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseEnv } from "node:util";
import type { Logger } from "pino";
import { Probot, Server } from "probot";
import type { Environment } from "./config/environment.ts";
import { answerBeforeSetup } from "./web/health.ts";
import { addressOf, tryAddress } from "./web/listening.ts";
import { SetupGuard } from "./web/setup-guard.ts";

const FILE = ".env";

/**
 * The first run: Probot's page that registers the App from app.yml and writes its credentials to `.env`. Whoever reaches
 * the page can do that, so it is served on loopback alone (`readEnvironment` sees to it), and to whoever was told its
 * address by the log.
 */
export async function serveSetup(
  { host, port: wanted }: Environment,
  log: Logger,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Of an address that cannot be had the server would speak in words of its own, and it takes 0 for 3000.
  const port = await tryAddress(host, wanted);
  // Otherwise the page would fetch a program from the network and open a channel for webhooks to it.
  process.env["NO_SMEE_SETUP"] ??= "true";
  const [token, state] = [randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url")];
  const guard = new SetupGuard({ token, state });
  // Requests are logged with their addresses otherwise.
  const quiet = log.child({}, { level: "warn" });
  const app = Probot.defaults({ appId: 1, privateKey: "none yet", log: quiet });
  const server = new Server({ host, port, log: quiet, Probot: app });
  server.addHandler(({ url = "/" }, response) => answerBeforeSetup(url.split("?")[0] ?? "/", response));
  server.addHandler(guard.handle);
  const page = await setupPage();
  const updateEnv = (values: Credentials) => {
    const all = writeCredentials(values);
    guard.end();
    log.info({ file: FILE }, "the App is set up: start again");
    return all;
  };
  await server.loadHandlerFactory(page({ host, port, log: quiet, updateEnv }));
  await server.start();
  const url = addressOf(host, port);
  log.info(
    { url: `${url}/?token=${token}` },
    "no App is set up yet: open this address to register one, then start again",
  );
  return { url, stop: () => server.stop() };
}

type Credentials = Readonly<Record<string, string | undefined>>;

type SetupPage = (options: {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  readonly updateEnv: (values: Credentials) => NodeJS.ProcessEnv;
}) => Parameters<Server["loadHandlerFactory"]>[0];

/** Probot's `run` serves the page with nothing before it, and the package does not hand out the page alone. */
async function setupPage(): Promise<SetupPage> {
  const probot = createRequire(import.meta.url).resolve("probot");
  const module: unknown = await import(pathToFileURL(join(dirname(probot), "apps", "setup.js")).href);
  return (module as { readonly setupAppFactory: SetupPage }).setupAppFactory;
}

/** Keeps what the file says already. Nobody else on the machine may read it: it holds the private key. */
function writeCredentials(values: Credentials): NodeJS.ProcessEnv {
  const known = existsSync(FILE) ? parseEnv(readFileSync(FILE, "utf8")) : {};
  const all = new Map(Object.entries({ ...known, ...values }));
  const lines = [...all].flatMap(([name, value]) => (value === undefined ? [] : [line(name, value)]));
  writeFileSync(FILE, `${lines.join("\n")}\n`, { mode: 0o600 });
  chmodSync(FILE, 0o600);
  return Object.fromEntries(all);
}

/** Probot gives some values with quotes around them. */
function line(name: string, value: string): string {
  const plain = value.replace(/^"([\s\S]*)"$/, "$1");
  return `${name}="${plain.replace(/\r?\n/g, "\\n")}"`;
}
