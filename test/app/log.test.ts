import { describe, expect, it } from "vitest";
import { createLog, logForProbot } from "../../src/log.ts";
import { Redaction } from "../../src/reports/redaction.ts";

function logging(level: "debug" | "info" = "info") {
  const lines: string[] = [];
  const log = createLog(level, new Redaction(["hunter2hunter2"]), (line) => void lines.push(line));
  return { log, lines };
}

describe("the log", () => {
  it("is a JSON object a line", () => {
    const { log, lines } = logging();
    log.info({ repository: 7 }, "repository scanned");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 30, repository: 7, msg: "repository scanned" },
    ]);
  });

  it.each([
    ["a secret of the environment", "hunter2hunter2"],
    ["a token of GitHub", `ghs_${"a".repeat(40)}`],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
  ])("never holds %s", (_what, secret) => {
    const { log, lines } = logging();
    log.info({ deep: { in: secret } }, `said ${secret}`);
    log.error({ err: new Error(secret) }, "failed");
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toContain("hunter2");
      expect(line).not.toContain("ghs_");
      expect(line).not.toContain("MIIE");
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  it("says of an error what it is and why, and nothing that hangs on it", () => {
    const { log, lines } = logging();
    const error = Object.assign(new Error("refused", { cause: new TypeError("no") }), {
      request: { headers: { authorization: "token abc" } },
      event: { payload: "all of it" },
    });
    log.error(error);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      err: { type: "Error", message: "refused", because: [{ type: "TypeError", message: "no" }] },
    });
    expect(lines[0]).not.toMatch(/authorization|all of it/);
  });

  it("says what an error that is a plain object says", () => {
    const { log, lines } = logging("debug");
    log.error(
      { err: { message: "no such table", stack: "at query", client: { password: "secret" } } },
      "queue error",
    );
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      err: { message: "no such table", stack: "at query" },
    });
    expect(lines[0]).not.toContain("password");
  });

  it("is told nothing by Probot, which would say whole webhooks, and errors three times", () => {
    const { log, lines } = logging("debug");
    logForProbot(log).debug({ event: "all of it" }, "Webhook received");
    logForProbot(log).error(new Error("the webhook could not be written down"));
    expect(lines).toEqual([]);
  });
});
