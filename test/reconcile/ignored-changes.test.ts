import { expect, test } from "vitest";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import type { AdoptionCase } from "../adoption/case.ts";
import { goalOf, repositoryOf } from "../adoption/repository.ts";

const FILES = {
  "main.tf": `resource "x_y" "a" {
  name = "code"
  tags = { Owner = "code", Team = "code" }
  lifecycle {
    ignore_changes = [
      name,
      tags["Owner"],
    ]
  }
}
resource "x_y" "reader" {
  name = x_y.a.name
}
resource "x_y" "every" {
  name = "code"
  lifecycle {
    ignore_changes = all
  }
}
`,
};

const STATE = {
  "x_y.a": { name: "state", tags: { Owner: "state" } },
  "x_y.every": { name: "state" },
};

const refused = (line: number, path: string) =>
  `ignore_changes at main.tf:${line} leaves ${path} as the state has it, whatever the code says`;

test.each<[string, AdoptionCase["live"], AdoptionCase["state"], string | "exact"]>([
  ["x_y.a", { name: "live" }, STATE, refused(6, "name")],
  ["x_y.a", { "tags.Owner": "live" }, STATE, refused(7, "tags.Owner")],
  ["x_y.a", { "tags.Team": "live" }, STATE, "exact"],
  ["x_y.every", { name: "live" }, STATE, refused(17, "name")],
  // What the state does not have is made as the code says.
  ["x_y.every", { name: "live" }, undefined, "exact"],
])("%s %j", (address, live, state, expected) => {
  const one: AdoptionCase = {
    name: "",
    files: FILES,
    address,
    live,
    ...(state === undefined ? {} : { state }),
    expected: { verdict: "refused", why: "" },
  };
  const { proven, refusal } = findAdoptions(repositoryOf(one, FILES), goalOf(one));
  expect(refusal ?? proven[0]?.verdict).toBe(expected);
});

test("a reader of what is ignored has the state's value, which no edit of the code changes", () => {
  const one: AdoptionCase = {
    name: "",
    files: FILES,
    address: "x_y.reader",
    live: { name: "live" },
    state: STATE,
    expected: { verdict: "refused", why: "" },
  };
  const { refusal } = findAdoptions(repositoryOf(one, FILES), goalOf(one));
  expect(refusal).toBe("the value comes from x_y.a, which is known from the state alone");
});
