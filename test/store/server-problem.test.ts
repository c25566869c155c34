import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../src/config/environment-error.ts";
import { Outage } from "../../src/store/outage.ts";
import { reasonOf, serverProblem } from "../../src/store/server-problem.ts";
import { collectingLog } from "./logs.ts";

const URL_ = "postgresql://drift%20er:s3cr3t-word@db.example.com/drift";

function failing(code: string | null, message = "as the driver says it"): Error {
  return Object.assign(new Error(message), code === null ? {} : { code });
}

function said(url: string, error: unknown): string {
  const problem = serverProblem(url, error);
  expect(problem).toBeInstanceOf(EnvironmentError);
  return (problem as Error).message;
}

describe("a server that cannot be used is one sentence", () => {
  it.each<[string, Error, string]>([
    [
      "nothing listens",
      failing("ECONNREFUSED", ""),
      "nothing listens on db.example.com:5432: start PostgreSQL there",
    ],
    ["no such host", failing("ENOTFOUND"), "there is no host db.example.com: correct its name"],
    ["no name service", failing("EAI_AGAIN"), "the name db.example.com cannot be looked up"],
    ["no way", failing("EHOSTUNREACH"), "db.example.com:5432 does not answer: correct the address"],
    ["no answer in time", failing(null, "timeout expired"), "db.example.com:5432 does not answer"],
    [
      "no answer in time, by the pool",
      failing(null, "Connection terminated due to connection timeout"),
      "db.example.com:5432 does not answer",
    ],
    ["a wrong password", failing("28P01"), 'refuses the role "drift er" with this password'],
    ["no such role", failing("28000", 'role "x" does not exist'), '(role "x" does not exist): correct it'],
    ["no such database", failing("3D000"), 'db.example.com:5432 has no database "drift": create it'],
    [
      "no right to make tables",
      failing("42501", "permission denied for schema public"),
      "may not make its tables",
    ],
    ["a copy", failing("25006"), "is read-only: name the server that takes writes"],
    ["a crowd", failing("53300"), "has no connection left"],
    ["a start", failing("57P03"), "is starting or stopping: try again"],
    [
      "no password",
      failing(null, "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
      "asks for a password, and it has none",
    ],
    ["no encryption", failing(null, "The server does not support SSL connections"), "correct sslmode"],
  ])("%s", (_what, error, sentence) => {
    const text = said(URL_, error);
    expect(text).toContain(sentence);
    expect(text).toMatch(/^DATABASE_URL: /);
    expect(text).not.toContain("s3cr3t-word");
  });

  it("which names the port, and a socket's folder", () => {
    expect(said("postgresql://db.example.com:6543/x", failing("ECONNREFUSED"))).toContain(
      "db.example.com:6543",
    );
    expect(said("postgresql:///x?host=/run/postgresql", failing("ENOENT"))).toContain("/run/postgresql");
  });

  it.each([failing("42P01", "relation does not exist"), failing(null, "a mistake of ours"), "a text"])(
    "any other error stays as it is: %s",
    (error) => {
      expect(serverProblem(URL_, error)).toBe(error);
    },
  );
});

describe("an outage", () => {
  it("is said once, and so is its end, however much fails meanwhile", () => {
    const log = collectingLog();
    const outage = new Outage(log);
    outage.over();
    for (const code of ["57P01", "ECONNREFUSED", "08006", "57P03"])
      expect(outage.noted(failing(code))).toBe(true);
    // As the queues hand it on.
    expect(outage.noted({ message: "", code: "ECONNREFUSED", queue: "scan" })).toBe(true);
    outage.over();
    outage.over();
    expect(outage.noted(failing(null, "Connection terminated unexpectedly"))).toBe(true);
    expect(log.lines).toEqual([
      'error: the database cannot be reached; work goes on when it is back {"reason":"as the driver says it"}',
      "info: the database can be reached again {}",
      'error: the database cannot be reached; work goes on when it is back {"reason":"Connection terminated unexpectedly"}',
    ]);
  });

  it("is not what a database means that answers with an error", () => {
    const log = collectingLog();
    expect(new Outage(log).noted(failing("42P01"))).toBe(false);
    expect(log.lines).toEqual([]);
  });
});

it.each([
  [{ message: "no such table", queue: "scan" }, "no such table"],
  [failing("ECONNREFUSED", ""), "ECONNREFUSED"],
  [{}, "an error without a message"],
  ["a text", "a text"],
  [null, "null"],
])("an error of any kind says something: %j", (error, text) => {
  expect(reasonOf(error)).toBe(text);
});
