import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine } from "../../src/drift/command-line.ts";

describe("a command as a line for a shell", () => {
  it.each<[argv: readonly string[], line: string]>([
    [["ec2", "describe-vpcs", "--vpc-ids", "vpc-0a1b"], "aws ec2 describe-vpcs --vpc-ids vpc-0a1b"],
    [["-target=module.web.aws_instance.this"], "aws -target=module.web.aws_instance.this"],
    [['-target=a.b["x"]'], `aws '-target=a.b["x"]'`],
    [[""], "aws ''"],
    [["it's"], "aws 'it'\\''s'"],
    [["$(id)", "`id`", "a b", "*"], "aws '$(id)' '`id`' 'a b' '*'"],
    [["=x", "~", "#"], "aws '=x' '~' '#'"],
    [["a\0b"], "aws 'a\ufffdb'"],
  ])("%j", (argv, line) => {
    expect(commandLine({ tool: "aws", argv })).toBe(line);
  });

  it("gives a shell the same arguments back", () => {
    const argument = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          "\\",
          "$",
          "`",
          " ",
          "\n",
          "*",
          "~",
          "!",
          "=",
          "-",
          "a",
          "{",
          "}",
          "&",
          ";",
        ),
      }),
    );
    const argv = fc.array(
      argument.filter((text) => !text.includes("\0") && text.isWellFormed()),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(argv, (given) => {
        const [, ...line] = commandLine({ tool: "aws", argv: ["x", ...given] }).split(" ");
        const printed = execFileSync("sh", ["-c", `printf '%s\\0' ${line.join(" ")}`], { encoding: "utf8" });
        expect(printed.split("\0").slice(0, -1)).toEqual(["x", ...given]);
      }),
      { numRuns: 60 },
    );
  });
});
