import { describe, expect, it } from "vitest";
import type { Json } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import { RewritingWork } from "../../src/reconcile/rewriting-work.ts";
import { parseSource } from "../../src/terraform/source/parse-source.ts";
import { repositoryOf } from "../adoption/repository.ts";

/** What is offered first, and the text of a file with it. */
function adopted(files: Readonly<Record<string, string>>, value: Json, file = "main.tf") {
  const changes = [{ path: parsePath("x"), wanted: { value } }];
  const { proven, refusal } = findAdoptions(
    repositoryOf({}, files),
    { stack: "main", address: "a_b.c", changes },
    1,
  );
  return { verdict: proven[0]?.verdict ?? refusal, text: proven[0]?.texts.get(file) ?? "" };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("a value that differs in many parts", () => {
  const names = (prefix: string, count: number) => numbers(count).map((index) => `${prefix}${index}`);
  const list = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(", ")}]`;
  const code = (count: number) =>
    `locals {\n  names = ${list(names("b", count))}\n}\nresource "a_b" "c" {\n  x = [for n in local.names : "arn:\${n}/*"]\n}\n`;

  it.each([400, 2000])("%i elements of what a for makes: the list is another one", (count) => {
    const wanted = names("n", count);
    const { verdict, text } = adopted(
      { "main.tf": code(count) },
      wanted.map((name) => `arn:${name}/*`),
    );
    expect(verdict).toBe("exact");
    expect(text.replaceAll(/\s+/g, "")).toBe(
      code(count)
        .replace(list(names("b", count)), `${list(wanted).slice(0, -1)},]`)
        .replaceAll(/\s+/g, ""),
    );
  });

  it.each([
    ["few: each by itself, with what is said of it", 20, true],
    ["too many: anew as a whole", 2000, false],
  ])("elements in a document of YAML, %s", (_, count, isKept) => {
    const document = `l:\n${names("b", count)
      .map((name) => `  - name: ${name} # of ${name}\n`)
      .join("")}`;
    const files = {
      "main.tf": 'resource "a_b" "c" {\n  x = yamldecode(file("d.yaml")).l\n}\n',
      "d.yaml": document,
    };
    const { verdict, text } = adopted(
      files,
      names("z", count).map((n) => ({ name: n })),
      "d.yaml",
    );
    expect(verdict).toBe("exact");
    expect(text.includes("# of b1\n")).toBe(isKept);
    expect(text).toContain(`- name: z${count - 1}`);
  });

  it("parts of a document that is computed: only so many are made right one after the other", () => {
    const count = 150;
    const locals = names("v", count)
      .map((name) => `  ${name} = "${name}"\n`)
      .join("");
    const parts = names("v", count)
      .map((name) => `    ${name} = local.${name}\n`)
      .join("");
    const files = {
      "main.tf": `locals {\n${locals}}\nresource "a_b" "c" {\n  x = jsonencode({\n${parts}  })\n}\n`,
    };
    const wanted = (changed: number) =>
      JSON.stringify(
        Object.fromEntries(names("v", count).map((name, at) => [name, at < changed ? "new" : name])),
      );
    expect(adopted(files, wanted(3)).text).toContain("v3 = local.v3\n");
    const whole = adopted(files, wanted(count));
    expect(whole.verdict).toBe("exact");
    expect(whole.text).not.toContain("local.v0");
  });
});

describe("the work of a search", () => {
  const nodeOf = (text: string) => {
    const [item] = parseSource({ path: "a.tf", text: `a = ${text}\n` }).body.items;
    return item?.kind === "attribute" ? item.value : expect.fail("no attribute");
  };
  const node = nodeOf(`[${numbers(100).join(", ")}]`);
  const length = node.end - node.start + 1;
  const spend = (work: RewritingWork, current: Json, wanted: Json) =>
    work.spend(
      node,
      current,
      wanted,
      () => "in parts",
      () => "as a whole",
    );
  const given: Json = [{ a: 1, b: 2 }, 3, 4];

  it.each<readonly [string, number, Json]>([
    ["nothing", 1, [{ a: 1, b: 2 }, 3, 4]],
    ["another order", 1, [4, 3, { a: 1, b: 2 }]],
    ["an element", 1, [{ a: 1, b: 2 }, 3, 5]],
    ["an element more", 1, [{ a: 1, b: 2 }, 3, 4, 5]],
    ["two members of an element", 2, [{ a: 2, b: 3 }, 3, 4]],
    ["everything", 4, [{ a: 2, b: 3 }, 5, 6]],
  ])("is as much as is read again: %s", (_, rounds, wanted) => {
    expect(spend(new RewritingWork(rounds * length), given, wanted)).toBe("in parts");
    if (rounds > 2) expect(spend(new RewritingWork((rounds - 2) * length), given, wanted)).toBe("as a whole");
  });

  it("is used up by one value after the other", () => {
    const work = new RewritingWork(2 * length);
    const wanted = [{ a: 1, b: 2 }, 3, 5];
    const more = [{ a: 1, b: 2 }, 6, 5];
    expect([wanted, more, more].map((each) => spend(work, given, each))).toEqual([
      "in parts",
      "as a whole",
      "as a whole",
    ]);
  });
});
