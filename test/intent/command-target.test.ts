import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/drift/model.ts";
import {
  parseTarget,
  type Targeted,
  targeted,
  targetOf,
  targetText,
} from "../../src/intent/command-target.ts";
import { type Path, parsePath } from "../../src/json/path.ts";

const API = 'module.service["the api"].aws_instance.this';

function finding(
  name: string,
  address: string,
  paths: readonly Path[],
  stack = "prod",
): Targeted & { name: string } {
  const changes = paths.map((path) => ({ path }));
  return { name, stack, finding: { address, changes } as unknown as Finding };
}

const paths = (...texts: string[]) => texts.map(parsePath);

describe("what a command begins with", () => {
  it.each<[string, ReturnType<typeof targetText> | null, string]>([
    ["aws_instance.web", "aws_instance.web", ""],
    ["aws_instance.web because of that", "aws_instance.web", "because of that"],
    ["aws_instance.web tags.Name until 2030-01-01", "aws_instance.web tags.Name", "until 2030-01-01"],
    [`${API} tags["a b"] because: x`, `${API} tags["a b"]`, "because: x"],
    ["`aws_instance.web` `tags` until 2030-01-01", "aws_instance.web tags", "until 2030-01-01"],
    ["aws_instance.web in the shop until 2030-01-01", "aws_instance.web in the shop", "until 2030-01-01"],
    ["aws_instance.web tags in shop", "aws_instance.web tags in shop", ""],
    ["aws_vpc/vpc-1 because no code has it", "aws_vpc/vpc-1", "because no code has it"],
    ["aws_instance.web[0]", "aws_instance.web[0]", ""],
    ["`tags.Note` of `aws_instance.web` until 2030-01-01", "aws_instance.web tags.Note", "until 2030-01-01"],
    ["tags of aws_instance.web in shop", "aws_instance.web tags in shop", ""],
    ["aws_instance.web of", "aws_instance.web of", ""],
    ["aws_instance.web in shop for 30d", "aws_instance.web in shop", "for 30d"],
    ["aws_instance.web in shop 14d", "aws_instance.web in shop", "14d"],
    ["aws_instance.web tags in shop for 2w because x", "aws_instance.web tags in shop", "for 2w because x"],
    ["aws_instance.web in shop, because we move", "aws_instance.web in shop", "because we move"],
    ["aws_instance.web in `shop`, until 2030-01-01", "aws_instance.web in shop", "until 2030-01-01"],
    [
      "aws_instance.web in shop, for 14 days, because x",
      "aws_instance.web in shop",
      "for 14 days, because x",
    ],
    ["aws_instance.web, because we move", "aws_instance.web", "because we move"],
    ["aws_instance.web tags.Name, for 14d", "aws_instance.web tags.Name", "for 14d"],
    ["aws_instance.web in shop until next week", "aws_instance.web in shop", "until next week"],
    ["aws_instance.web 14d", "aws_instance.web", "14d"],
    ["aws_instance.web for 30d in shop", "aws_instance.web in shop", "for 30d"],
    [
      "aws_instance.web tags until 2030-01-01 in shop because x",
      "aws_instance.web tags in shop",
      "until 2030-01-01 because x",
    ],
    [
      "aws_instance.web for 2 weeks because it is in shop",
      "aws_instance.web",
      "for 2 weeks because it is in shop",
    ],
    ["aws_instance.web in for 2 shops", "aws_instance.web in for 2 shops", ""],
    ["because aws_instance.web is new", null, ""],
    ["until 2030-01-01", null, ""],
    ["now, please.", null, ""],
    ["", null, ""],
  ])("%s", (rest, target, behind) => {
    const parsed = parseTarget(rest);
    expect(parsed === null ? null : targetText(parsed.target)).toBe(target);
    expect(parsed?.rest ?? "").toBe(behind);
  });

  it("whatever it is, is read, and nothing of it twice", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const parsed = parseTarget(text.replace(/\s+/g, " ").trim());
        if (parsed !== null) expect(parsed.rest.length).toBeLessThan(text.length);
      }),
    );
  });
});

describe("which of several are meant", () => {
  const all = [
    finding("name", "aws_instance.web", paths("tags.Name")),
    finding("team", "aws_instance.web", paths("tags.Team")),
    finding("type", "aws_instance.web", paths("instance_type"), "test"),
    finding("rules", "aws_security_group.web", paths("ingress[0]", "ingress[3]")),
    finding("gone", "aws_subnet.a", []),
  ];

  it.each<[string, string[]]>([
    ["aws_instance.web", ["name", "team", "type"]],
    ["aws_instance.web tags", ["name", "team"]],
    ["aws_instance.web tags.Team", ["team"]],
    ['aws_instance.web tags["Team"]', ["team"]],
    ["aws_instance.web in test", ["type"]],
    ["aws_instance.web tags in test", []],
    ["aws_security_group.web ingress", ["rules"]],
    ["aws_security_group.web ingress[3]", ["rules"]],
    ["aws_subnet.a", ["gone"]],
    ["aws_subnet.a cidr_block", []],
    ["aws_subnet.a [[", []],
    ["aws_subnet.b", []],
  ])("%s", (text, names) => {
    const target = parseTarget(text)?.target;
    expect(target === undefined ? null : targeted(target, all).map(({ name }) => name)).toEqual(names);
  });

  it("each is named as shortly as can be, and so that the name means it alone", () => {
    expect(all.map((one) => targetText(targetOf(one, all)))).toEqual([
      "aws_instance.web tags.Name",
      "aws_instance.web tags.Team",
      "aws_instance.web instance_type",
      "aws_security_group.web",
      "aws_subnet.a",
    ]);
  });

  it("names are read back, whatever stands in them", () => {
    const key = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, key), { minLength: 1, maxLength: 4, selector: String }),
        (keys) => {
          const some = keys.map(([module, tag], index) =>
            finding(String(index), `module.a[${JSON.stringify(module)}].aws_vpc.b`, [["tags", tag]]),
          );
          for (const one of some) {
            const line = targetText(targetOf(one, some)).replace(/\s+/g, " ").trim();
            const parsed = parseTarget(`${line} because x`);
            expect(parsed?.rest).toBe("because x");
            expect(parsed === null ? [] : targeted(parsed.target, some)).toContain(one);
          }
        },
      ),
    );
  });
});
