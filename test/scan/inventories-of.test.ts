import { describe, expect, test } from "vitest";
import type { Inventory, Wanted } from "../../src/drift/inventory.ts";
import { identifiedOnce, inventoriesOf } from "../../src/scan/observation.ts";

const never = () => Promise.reject(new Error("not to be asked"));

function inventory(within?: Inventory["within"]): Inventory {
  const covers = (type: string) => type.startsWith("aws_");
  const asked = { identity: never, read: never, unmanaged: never };
  return { cloud: "aws", covers, ...asked, ...(within === undefined ? {} : { within }) };
}

function wanted(type: string, account: string | null): Wanted {
  return { address: `${type}.a`, type, id: "a", account, region: null, recorded: {} };
}

describe("which inventory reads a stack", () => {
  test.each<[string, Wanted[], string[]]>([
    ["by its account", [wanted("aws_vpc", "1")], ["1"]],
    [
      "the account with most of it first",
      [wanted("aws_vpc", "1"), wanted("aws_subnet", "2"), wanted("aws_vpc", "2")],
      ["2", "1"],
    ],
    ["where its state names none", [wanted("aws_vpc", null)], []],
    ["whatever other clouds' resources say", [wanted("google_x", "9"), wanted("aws_vpc", "1")], ["1"]],
  ])("%s", (_what, stack, accounts) => {
    const chosen = inventory();
    const asked: (readonly string[])[] = [];
    const several = inventory((named) => {
      asked.push(named);
      return chosen;
    });
    expect(inventoriesOf([identifiedOnce(several)], stack)).toEqual([chosen]);
    expect(asked).toEqual([accounts]);
  });

  test("is the same one where there is no choice", () => {
    const only = inventory();
    expect(inventoriesOf([only], [wanted("aws_vpc", "1")])).toEqual([only]);
    const once = identifiedOnce(only);
    expect(inventoriesOf([once], [wanted("aws_vpc", "1")])[0]).toBe(once);
  });
});
