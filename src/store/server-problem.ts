import { EnvironmentError } from "../config/environment-error.ts";

/** Where a PostgreSQL server is, without the password. */
interface Place {
  readonly where: string;
  readonly host: string;
  readonly role: string;
  readonly database: string;
}

/** Codes of PostgreSQL's answers: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ANSWERS: ReadonlyMap<string, (place: Place, said: string) => string> = new Map([
  [
    "28P01",
    ({ where, role }) => `${where} refuses ${role} with this password: correct the role or its password`,
  ],
  [
    "28000",
    ({ where, role }, said) => `${where} does not let in ${role} (${said}): correct it, or let it in there`,
  ],
  ["3D000", ({ where, database }) => `${where} has no ${database}: create it, or correct its name`],
  [
    "42501",
    ({ role, database }, said) =>
      `${role} may not make its tables (${said}): make it the owner of ${database}`,
  ],
  ["25006", ({ where }) => `${where} is read-only: name the server that takes writes`],
  ["53300", ({ where }) => `${where} has no connection left: allow it more, or start fewer processes`],
  ["57P03", ({ where }) => `${where} is starting or stopping: try again in a moment`],
]);

/** What the system says where no server answered. */
const CALLS: ReadonlyMap<string, (place: Place) => string> = new Map([
  [
    "ECONNREFUSED",
    ({ where }) => `nothing listens on ${where}: start PostgreSQL there, or correct the address`,
  ],
  ["ENOTFOUND", ({ host }) => `there is no host ${host}: correct its name`],
  [
    "EAI_AGAIN",
    ({ host }) => `the name ${host} cannot be looked up: correct it, or the machine's name service`,
  ],
  ["ENOENT", ({ where }) => `there is no socket at ${where}: start PostgreSQL there, or correct the address`],
]);

const AWAY = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET", "EPIPE"]);
const TIMED_OUT = /timeout|timed out/i;
const NO_PASSWORD = /password must be a (?:non-empty )?string/;
const ENCRYPTION = /\bSSL\b|\bTLS\b|certificate/i;

/** An error of a PostgreSQL server, as one sentence for whoever set DATABASE_URL where it is theirs to mend. */
export function serverProblem(url: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const sentence = sentenceOf(placeOf(url), codeOf(error), error.message);
  return sentence === null ? error : new EnvironmentError([`DATABASE_URL: ${sentence}`]);
}

function sentenceOf(place: Place, code: string, said: string): string | null {
  const known = ANSWERS.get(code)?.(place, said) ?? CALLS.get(code)?.(place);
  if (known !== undefined) return known;
  const { where } = place;
  if (NO_PASSWORD.test(said)) return `${where} asks for a password, and it has none: add it`;
  if (AWAY.has(code) || TIMED_OUT.test(said)) {
    return `${where} does not answer: correct the address, or let this machine reach it`;
  }
  if (ENCRYPTION.test(said))
    return `${where} cannot be reached encrypted as sslmode says (${said}): correct sslmode`;
  return null;
}

/** Codes of an end that comes from the server, or from the way to it: 08 is "connection exception". */
const UNREACHABLE = /^(?:08...|57P0[123])$/;

/** Whether there was no server to answer, rather than one that refused what it was asked. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  if (UNREACHABLE.test(code) || CALLS.has(code) || AWAY.has(code)) return true;
  return /^connection terminated|^timeout exceeded when trying to connect/i.test(reasonOf(error));
}

/** What an error says. The queues hand on errors that are plain objects. */
export function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  // Of several addresses that were tried in vain there is only a code.
  const message = "message" in error ? String(error.message) : "";
  return message || codeOf(error) || "an error without a message";
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "";
}

function placeOf(url: string): Place {
  const { hostname = "", port = "", username = "", pathname = "", searchParams } = URL.parse(url) ?? {};
  const host = searchParams?.get("host") ?? hostname;
  const name = decoded(pathname.slice(1));
  return {
    where: host === "" ? "the server" : host.startsWith("/") ? host : `${host}:${port || "5432"}`,
    host,
    role: username === "" ? "the role" : `the role ${JSON.stringify(decoded(username))}`,
    database: name === "" ? "the database" : `database ${JSON.stringify(name)}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
