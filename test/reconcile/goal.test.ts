import { describe, expect, it } from "vitest";
import { parsePath } from "../../src/json/path.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import { findDeletion } from "../../src/reconcile/deletion.ts";
import { isReached, isReachedAlone, type WantedChange } from "../../src/reconcile/goal.ts";
import { repositoryOf } from "../adoption/repository.ts";

const FILE = "main.tf";

function opened(body: string, others: Readonly<Record<string, string>> = {}) {
  return repositoryOf({}, { [FILE]: `resource "a_b" "c" {\n${body}}\n`, ...others });
}

function contentOf(list: string) {
  const content = opened(`  x = ${list}\n`).stacks[0]?.evaluation.instances.get("a_b.c")?.content;
  if (content === undefined) throw new Error("there is no instance");
  return content;
}

describe("an element goes from a list, or comes to it", () => {
  const gone: WantedChange = { path: ["x", 1], wanted: "absent" };
  const added: WantedChange = { path: ["x", 3], wanted: { value: 4 } };

  it.each([
    { change: gone, after: "[1, 3]", alone: true },
    { change: gone, after: "[3, 1]", alone: false },
    { change: gone, after: "[1, 4]", alone: false },
    { change: added, after: "[1, 2, 3, 4]", alone: true },
    { change: added, after: "[1, 2, 5, 4]", alone: false },
  ])("$change.path $after: $alone", ({ change, after, alone }) => {
    const [was, is] = [contentOf("[1, 2, 3]"), contentOf(after)];
    expect(isReached(was, is, change)).toBe(true);
    expect(isReachedAlone(was, is, change)).toBe(alone);
  });

  it("a set has its elements in any order", () => {
    const [was, is] = [contentOf("toset([3, 2, 1])"), contentOf("toset([3, 1])")];
    expect(isReachedAlone(was, is, gone)).toBe(true);
  });
});

describe("the edits that are offered", () => {
  it("are no two of the same text", () => {
    const template = '{"Statement":[{"Effect":"Allow","Action":"s3:Get","Resource":"${r}"}]}';
    const repository = opened('  policy = templatefile("p.json.tpl", { r = "q" })\n', {
      "p.json.tpl": template,
    });
    const wanted = { value: template.replace("${r}", "q").replace("Allow", "Deny") };
    const changes = [{ path: parsePath("policy"), wanted }];
    const { proven } = findAdoptions(repository, { stack: "main", address: "a_b.c", changes });
    const texts = proven.map((edit) => JSON.stringify([...edit.texts]));
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("a file of which the only block goes is empty, whatever it started with", () => {
    const repository = repositoryOf({}, { [FILE]: '\ufeffresource "a_b" "c" {\n  x = 1\n}\n' });
    const { proven } = findDeletion(repository, { stack: "main", address: "a_b.c", deleted: true });
    expect(proven.map(({ texts }) => texts.get(FILE))).toEqual([""]);
  });
});
