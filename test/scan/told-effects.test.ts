import { expect, test } from "vitest";
import type { Adoption, Effect } from "../../src/drift/model.ts";
import { type Member, MOST_TOLD, toldByMember } from "../../src/scan/told-effects.ts";

function member(index: number): Member {
  return { stack: "prod", address: `aws_instance.web[${index}]` };
}

function effect({ stack, address }: Member): Effect {
  return { stack, address, path: "instance_type", before: "t3.small", after: "t3.large" };
}

/** An edit that every one of some findings asks for, and that changes some more instances. */
function edit(findings: number, others: number): { adoption: Adoption; members: readonly Member[] } {
  const all = [...Array(findings + others).keys()].map(member);
  const files = [{ path: "main.tf", diff: "-a\n+b" }];
  const adoption = { files, effects: all.map(effect), verdict: "shared", why: "it proves" } as const;
  return { adoption, members: all.slice(0, findings) };
}

function sizeOf(findings: number): number {
  const { adoption, members } = edit(findings, 0);
  return JSON.stringify(members.map(toldByMember(adoption, members))).length;
}

test("an edit with few effects is told whole with each finding, and is there once", () => {
  const { adoption, members } = edit(MOST_TOLD, 0);
  expect(members.map(toldByMember(adoption, members)).every((told) => told === adoption)).toBe(true);
});

test("of one with many, each finding has its own effects and those that nobody asked for", () => {
  const { adoption, members } = edit(MOST_TOLD, 2);
  const { effects, files, why } = toldByMember(adoption, members)(member(7));
  expect(effects).toEqual([7, MOST_TOLD, MOST_TOLD + 1].map((index) => effect(member(index))));
  expect(files).toEqual(adoption.files);
  expect(why).toBe("it proves; 99 more effects of the same edit are not listed");
});

test("however many nobody asked for, so many are told that they do not add up", () => {
  const { adoption, members } = edit(1, 1_000);
  const { effects } = toldByMember(adoption, members)(member(0));
  expect(effects).toHaveLength(MOST_TOLD);
  expect(effects[0]).toEqual(effect(member(0)));
});

test("what is told grows with the findings", () => {
  expect(sizeOf(2_000)).toBeLessThan(2.2 * sizeOf(1_000));
});
