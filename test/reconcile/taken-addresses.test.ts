import { expect, test } from "vitest";
import { isInState } from "../../src/reconcile/taken-addresses.ts";
import { parseAddress } from "../../src/terraform/address.ts";
import { evaluateFiles, type RecordedResource } from "../terraform/stack.ts";

type Recorded = RecordedResource["instances"][number] & { readonly deposed?: string };

const BOB: Recorded = { index_key: "bob", attributes: { name: "bob" } };
const ROBERT: Recorded = { index_key: "robert", attributes: { name: "robert" } };
const MOVED = 'moved {\n  from = a_b.c["robert"]\n  to   = a_b.c["bob"]\n}\n';

test.each<[string, string, readonly Recorded[] | null, boolean]>([
  ["no state is known", "", null, false],
  ["the state has the old one alone", "", [BOB], false],
  ["the state has both", "", [BOB, ROBERT], true],
  ["the state has the new one alone", "", [ROBERT], true],
  ["a replacement left an object of the new one behind", "", [BOB, { ...ROBERT, deposed: "0a1b2c3d" }], true],
  ["the state has the new one, which the code knows to be the old one", MOVED, [ROBERT], false],
])("an address is taken where Terraform would move nothing to it: %s", (_, more, instances, expected) => {
  const code = `resource "a_b" "c" {\n  for_each = toset(["bob"])\n  name     = each.key\n}\n${more}`;
  const recorded = instances === null ? {} : { recorded: [{ type: "a_b", name: "c", instances }] };
  const [from, to] = [parseAddress('a_b.c["bob"]'), parseAddress('a_b.c["robert"]')];
  const stack = { name: "main", evaluation: evaluateFiles(code, recorded) };
  expect(isInState({ stack, address: 'a_b.c["bob"]', from, to })).toBe(expected);
});
