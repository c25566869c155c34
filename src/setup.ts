import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Logger } from "pino";
import { run } from "probot";
import type { Environment } from "./config/environment.ts";

const FILE = ".env";

/**
 * The first run: Probot's page that registers the App from app.yml and writes its credentials to `.env`. Whoever reaches
 * the page can do that, so it is served on loopback alone; `readEnvironment` sees to it.
 */
export async function serveSetup(
  { host, port }: Environment,
  log: Logger,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Otherwise the page would fetch a program from the network and open a channel for webhooks to it.
  process.env["NO_SMEE_SETUP"] ??= "true";
  const server = await run(() => {}, {
    env: { HOST: host, PORT: String(port) },
    log,
    updateEnv: writeCredentials,
  });
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
  log.info({ url }, "no App is set up yet: open this address to register one, then start again");
  return { url, stop: () => server.stop() };
}

/** Keeps what the file says already. Nobody else on the machine may read it: it holds the private key. */
function writeCredentials(values: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
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
