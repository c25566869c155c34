import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteString } from "../../src/hcl/syntax/escape.ts";
import { Redaction } from "../../src/reports/redaction.ts";

const secret = "s3cr3t/with+signs\"and'quotes${and%{templates";

describe("redaction", () => {
  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify({ a: secret })],
    ["in JSON inside of JSON", JSON.stringify(JSON.stringify({ a: secret }))],
    ["in an address", `https://x/?q=${encodeURIComponent(secret)}`],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in HCL", quoteString(secret)],
    ["in HCL inside of JSON", JSON.stringify({ a: quoteString(secret) })],
    ["in a heredoc", secret.replaceAll("${", "$$${").replaceAll("%{", "%%{")],
    ["quoted for a shell", `'${secret.replaceAll("'", "'\\''")}'`],
  ])("finds a registered secret %s", (_, text) => {
    const cleaned = new Redaction([secret]).clean(text);
    expect(cleaned).toContain("(sensitive)");
    expect(cleaned).not.toContain("s3cr3t");
    expect(cleaned).not.toContain(Buffer.from(secret).toString("base64"));
  });

  it("finds the single lines of a long secret, as a diff shows them", () => {
    const redaction = new Redaction(["first line of it\nsecond line of it\nx"]);
    expect(redaction.clean("+  first line of it\n+  second line of it\n+  x")).toBe(
      "+  (sensitive)\n+  (sensitive)\n+  x",
    );
  });

  it("finds lines of 8 characters of a long secret, and every line of a private key", () => {
    const key =
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nQw==\n-----END PRIVATE KEY-----\n";
    const redaction = new Redaction(["8 is long\n8letters\n7 short", key]);
    expect(redaction.clean(" 8letters\n+7 short")).toBe(" (sensitive)\n+7 short");
    // The part of a key that a diff shows may have neither its first nor its last line.
    expect(redaction.clean(" MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n Qw==")).toBe(" (sensitive)\n (sensitive)");
  });

  it("finds the secrets that are written in a JSON text, by the names of their fields", () => {
    const redaction = new Redaction([
      '{"user":"reporting","db":{"password":"hunter2!"},"apiKeys":["k-123456"]}',
    ]);
    expect(redaction.clean('user = "reporting", password = "hunter2!", key = "k-123456"')).toBe(
      'user = "reporting", password = "(sensitive)", key = "(sensitive)"',
    );
  });

  it("leaves short words alone", () => {
    expect(new Redaction(["prod", "", "     "]).clean("production      prod")).toBe("production      prod");
  });

  it("masks secrets that overlap as one", () => {
    expect(new Redaction(["abcdef", "defghi", "jklmno"]).clean("[abcdefghi] [jklmno]")).toBe(
      "[(sensitive)] [(sensitive)]",
    );
  });

  it.each([
    ["an installation token", `ghs_${"a1B2".repeat(10)}`],
    ["a long installation token", `ghs_123_${"eyJ.x_y".repeat(60)}`],
    ["a personal token", `ghp_${"x".repeat(36)}`],
    ["an AWS key", "AKIAIOSFODNN7EXAMPLE"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----"],
    ["a private key that is cut off", "-----BEGIN PRIVATE KEY-----\nMIIE\nabc"],
  ])("knows %s by its form", (_, text) => {
    expect(new Redaction().clean(`a ${text}`)).toBe("a (sensitive)");
  });

  it("cleans texts, keys and numbers of JSON, and keeps the rest", () => {
    const redaction = new Redaction();
    redaction.addAll({ a: ["hunter2!", 1234567], __proto__: null });
    expect(redaction.cleanJson({ "hunter2!": "x hunter2!", n: 1234567, ok: [1, true, null, "y"] })).toEqual({
      "(sensitive)": "x (sensitive)",
      n: "(sensitive)",
      ok: [1, true, null, "y"],
    });
  });

  it("does not look into JSON without end", () => {
    let deep: readonly unknown[] = [secret];
    for (let level = 0; level < 5_000; level += 1) deep = [deep];
    expect(JSON.stringify(new Redaction([secret]).cleanJson(deep as never))).not.toContain("s3cr3t");
  });

  it("leaves nothing of any secret", () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "b", "c", "1", "'", '"', "\\", "/"),
      minLength: 6,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.array(fc.string()),
        (secrets, others) => {
          const text = secrets.map((one, index) => `${others[index] ?? ""}${one}`).join("");
          const cleaned = new Redaction(secrets).clean(text);
          for (const one of secrets) expect(cleaned).not.toContain(one);
        },
      ),
    );
  });
});
