import { describe, expect, it } from "vitest";
import { matchesGlobs } from "../../src/config/globs.ts";

describe("patterns", () => {
  it.each<[text: string, globs: readonly string[], matches: boolean]>([
    ["aws_instance", ["aws_instance"], true],
    ["aws_instance", ["aws_*"], true],
    ["aws_instance", ["*"], true],
    ["aws_instance", ["AWS_*"], false],
    ["aws_instance", ["instance"], false],
    ["aws_instance", ["aws_vpc", "aws_inst*"], true],
    ["aws_instance", ["!aws_vpc"], true],
    ["aws_instance", ["!aws_instance"], false],
    ["aws_instance", ["aws_*", "!*_instance"], false],
    ["aws_instance", ["aws_i?stance"], false],
    ['module.web["a"].aws_instance.this[0]', ['module.web["a"].aws_instance.this[0]'], true],
    ['module.web["a"].aws_instance.this[0]', ["module.web[*].aws_instance.*"], true],
    ["module.web.aws_instance.this[0]", ["module.web.aws_instance.this[01]"], false],
    ["", ["*"], true],
  ])("%s against %j: %s", (text, globs, matches) => {
    expect(matchesGlobs(text, globs)).toBe(matches);
  });
});
