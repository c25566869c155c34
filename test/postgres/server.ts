import { execFileSync } from "node:child_process";
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Where Debian and Ubuntu keep the programs of each version, outside of PATH. */
const DEBIAN = "/usr/lib/postgresql";

/** The folder with the programs of a PostgreSQL server: in PATH, else the newest of Debian's; null where there is none. */
export function findPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const debian = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, "bin"));
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...debian];
  return (
    folders.find((folder) => ["initdb", "pg_ctl"].every((name) => isProgram(join(folder, name)))) ?? null
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Nothing needs to outlive the server, and nobody needs its space back: it is thrown away as a whole. */
const SETTINGS = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
  // Each database would be looked at once a minute, and there are hundreds.
  "autovacuum_naptime=1h",
  "max_connections=300",
];

export interface TestServer {
  /** Connects to the database that each new one is a copy of; the user may create others. */
  readonly template: string;
  stop(): void;
}

/** Starts a server on a free port of loopback, with its data in a temporary folder. */
export async function startServer(programs: string): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), "driftwright-postgres-"));
  const user = unprivileged();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const run = (program: string, parameters: readonly string[]) =>
    execFileSync(join(programs, program), parameters, {
      ...user,
      cwd: folder,
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      stdio: ["ignore", "ignore", "inherit"],
    });
  const data = join(folder, "data");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    run("initdb", [
      "-D",
      data,
      "-U",
      "postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ]);
    const port = await freePort();
    const place = ["listen_addresses=127.0.0.1", "unix_socket_directories=''"];
    const settings = [...place, ...SETTINGS].map((setting) => `-c ${setting}`).join(" ");
    run("pg_ctl", ["-D", data, "-l", join(folder, "log"), "-o", `-p ${port} ${settings}`, "-w", "start"]);
    return {
      template: `postgres://postgres@127.0.0.1:${port}/template1`,
      stop() {
        run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The server refuses to run as root; who that is else on this machine. Null where this process is somebody else. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string, name: string) =>
    Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  for (const name of ["postgres", "nobody"]) {
    try {
      return { uid: idOf("-u", name), gid: idOf("-g", name) };
    } catch {
      // There is no such user; the next one.
    }
  }
  throw new Error("a PostgreSQL server cannot run as root, and there is neither a user postgres nor nobody");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}
