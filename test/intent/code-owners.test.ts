import { describe, expect, it } from "vitest";
import { codeOwnersOf } from "../../src/intent/code-owners.ts";

function owners(text: string, path: string): string {
  return codeOwnersOf(text, path)
    .map((owner) =>
      owner.kind === "user"
        ? owner.login
        : owner.kind === "team"
          ? `${owner.org}/${owner.team}`
          : owner.address,
    )
    .join(" ");
}

describe("a pattern", () => {
  it.each<[pattern: string, path: string, matches: boolean]>([
    ["*", "infra/main.tf", true],
    ["*.tf", "infra/main.tf", true],
    ["*.tf", "main.tfvars", false],
    ["/infra/", "infra/a/main.tf", true],
    ["/infra/", "old/infra/main.tf", false],
    ["infra/", "old/infra/main.tf", true],
    ["infra", "infra/main.tf", true],
    ["infra", "infrastructure/main.tf", false],
    ["infra/*", "infra/main.tf", true],
    ["infra/*", "infra/a/main.tf", false],
    ["infra/**", "infra/a/main.tf", true],
    ["infra/**/main.tf", "infra/main.tf", true],
    ["infra/**/main.tf", "infra/a/b/main.tf", true],
    ["**/prod", "infra/prod/main.tf", true],
    ["/main.tf", "a/main.tf", false],
    ["a.c", "abc", false],
    ["m?in.tf", "main.tf", true],
    ["!main.tf", "main.tf", false],
    ["[m]ain.tf", "main.tf", false],
  ])("%s and %s: %s", (pattern, path, matches) => {
    expect(owners(`${pattern} @alice`, path)).toBe(matches ? "alice" : "");
  });
});

describe("a file", () => {
  it("belongs to whom the last line that matches names", () => {
    const text = "# all\n*  @alice\n\n*.tf @acme/platform ops@example.com # why\n/main.tf\n";
    expect(owners(text, "README.md")).toBe("alice");
    expect(owners(text, "a/b.tf")).toBe("acme/platform ops@example.com");
    expect(owners(text, "main.tf")).toBe("");
  });

  it("belongs to nobody where no line matches", () => {
    expect(owners("/a/ @alice\r\n", "b/main.tf")).toBe("");
    expect(owners("", "main.tf")).toBe("");
  });
});

it("patterns that are hard to match are matched in time", () => {
  expect(owners(`${"*a".repeat(40)} @alice`, "a".repeat(5_000))).toBe("alice");
});
