import { describe, expect, it } from "vitest";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import { repositoryOf } from "../adoption/repository.ts";

const CODE = `locals {
  people = ["ann", "bob"]
}

resource "aws_iam_user" "this" {
  for_each = toset(local.people)
  name     = each.key
}

resource "aws_iam_group" "all" {
  name = join("-", local.people)
}
`;
const STATE = { 'aws_iam_user.this["ann"]': { name: "ann" }, 'aws_iam_user.this["bob"]': { name: "bob" } };

function whyOf(name: string, state?: typeof STATE): string | undefined {
  const repository = repositoryOf(state === undefined ? {} : { state }, { "main.tf": CODE });
  const changes = [{ path: ["name"], wanted: { value: name } }];
  const { proven } = findAdoptions(repository, { stack: "main", address: "aws_iam_group.all", changes });
  return proven[0]?.adoption.why;
}

describe("what evaluation shows of an edit", () => {
  const UNSEEN =
    "; without a state nobody sees whether a new address is taken already: look at the plan before you apply";
  it.each([
    [
      "an instance goes",
      "ann",
      'evaluation shows that 1 other value changes with it: Terraform would destroy aws_iam_user.this["bob"]',
    ],
    [
      "instances come",
      "ann-bob-cid-dan",
      "evaluation shows that 2 other values change with it: Terraform would create 2 instances",
    ],
    [
      "which one becomes which is not clear",
      "cid-dan-eve",
      "evaluation shows that 5 other values change with it: Terraform would destroy 2 instances and create 3 instances",
    ],
    ["an instance is moved", "ann-cid", `evaluation shows that 1 other value changes with it${UNSEEN}`],
  ])("%s", (_, name, why) => {
    expect(whyOf(name)).toBe(why);
  });

  it("an instance is moved that a state has", () => {
    expect(whyOf("ann-cid", STATE)).toBe("evaluation shows that 1 other value changes with it");
  });
});
