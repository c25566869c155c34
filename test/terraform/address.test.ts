import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Address,
  AddressError,
  compareAddresses,
  type InstanceKey,
  inAddressOrder,
  moduleAddress,
  parseAddress,
  parseModuleAddress,
  printAddress,
} from "../../src/terraform/address.ts";

describe("printing and reading", () => {
  // The second column is what `terraform state list` prints for the keys.
  test.each<[string, Address]>([
    ["aws_instance.this", address("aws_instance", "this")],
    ["aws_instance.this[0]", address("aws_instance", "this", 0)],
    ['aws_instance.this["a"]', address("aws_instance", "this", "a")],
    ["data.aws_ami.x", { ...address("aws_ami", "x"), mode: "data" }],
    [
      'module.web["a"].aws_instance.this[0]',
      { ...address("aws_instance", "this", 0), module: [{ name: "web", key: "a" }] },
    ],
    [
      'module.net[1].module.sub-net.data.aws_subnet.a_b["x"]',
      {
        ...address("aws_subnet", "a_b", "x"),
        mode: "data",
        module: [
          { name: "net", key: 1 },
          { name: "sub-net", key: null },
        ],
      },
    ],
    ["aws_instance.module", address("aws_instance", "module")],
    ["module.data.data.data.data", { ...address("data", "data"), mode: "data", module: [step("data")] }],
  ])("%s", (text, structured) => {
    expect(printAddress(structured)).toBe(text);
    expect(parseAddress(text)).toEqual(structured);
  });

  test.each<[string, string]>([
    ["$", '"$"'],
    ["$${a", '"$$${a"'],
    ["%", '"%"'],
    ["%{x}", '"%%{x}"'],
    ["$%{", '"$%%{"'],
    ["<html>&", '"<html>&"'],
    ["bell\u0007", String.raw`"bell\u0007"`],
    ["new\nline", String.raw`"new\nline"`],
    ["tab\t", String.raw`"tab\t"`],
    [`q"uo\\te\${d}`, `"q\\"uo\\\\te$\${d}"`],
    ["é\u00a0\u200b", String.raw`"é\u00a0\u200b"`],
    ["emoji😀", '"emoji😀"'],
    ["\u{e0001}", String.raw`"\U000e0001"`],
    ["a.b]", '"a.b]"'],
    ["", '""'],
  ])("key %j is written %s", (key, written) => {
    const text = `t.n[${written}]`;
    expect(printAddress(address("t", "n", key))).toBe(text);
    expect(parseAddress(text).key).toBe(key);
  });

  test("every address reads back as it was printed", () => {
    fc.assert(
      fc.property(addresses, (any) => {
        expect(parseAddress(printAddress(any))).toEqual(any);
        expect(parseModuleAddress(moduleAddress(any.module))).toEqual(any.module);
      }),
    );
  });

  test("any text is an address or an AddressError", () => {
    const pieces = fc.constantFrom("module", "data", ".", "[", "]", '"', "a", "0", "$", "{", "\\", "\n", " ");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (chosen) => {
        const text = chosen.join("");
        try {
          expect(printAddress(parseAddress(text))).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(AddressError);
        }
      }),
    );
  });

  test("the root module's address is empty", () => {
    expect(moduleAddress([])).toBe("");
    expect(parseModuleAddress("")).toEqual([]);
  });
});

describe("refused", () => {
  test.each<[string, string]>([
    ["", "character 1 a resource type such as aws_instance is expected"],
    ["aws_instance", "character 13 a dot and the name of the resource are expected"],
    ["aws_instance.", "character 14 the name of the resource is expected"],
    ["aws_instance.a.id", "character 15 the address should end here"],
    ["module.a", "character 9 a resource type such as aws_instance is expected"],
    ["module.a.", "character 10 a resource type"],
    ["data.aws_ami", "a dot and the name of the resource are expected"],
    ["aws_instance.a[", "a number or a text in quotes is expected"],
    ["aws_instance.a[-1]", "a number or a text in quotes is expected"],
    ["aws_instance.a[*]", "a number or a text in quotes is expected"],
    ["aws_instance.a[0", "the bracket of the instance key is not closed"],
    ["aws_instance.a[99999999999999999999]", "the instance key is too large"],
    ['aws_instance.a["b', "the quotes of the instance key are not closed"],
    [`aws_instance.a["\${b}"]`, "write $${ for ${ in a key"],
    ['aws_instance.a["%{b}"]', "write %%{ for %{ in a key"],
    [String.raw`aws_instance.a["\q"]`, "there is no such escape"],
    [String.raw`aws_instance.a["\U00110000"]`, "there is no such character"],
    ['aws_instance.a["b\nc"]', "a line ends inside of the instance key"],
    ["aws_instance.a b", "the address should end here"],
  ])("%j: %s", (text, why) => {
    expect(() => parseAddress(text)).toThrow(why);
    expect(() => parseAddress(text)).toThrow(AddressError);
  });

  test("a resource's address is no module's", () => {
    expect(() => parseModuleAddress("module.a.b.c")).toThrow("the address should end here");
  });
});

describe("order", () => {
  test("by address, numeric keys as numbers", () => {
    const ordered = [
      "aws_instance.a",
      "aws_instance.a[0]",
      "aws_instance.a[2]",
      "aws_instance.a[10]",
      'aws_instance.b["10"]',
      'aws_instance.b["2"]',
      'aws_instance.b["a"]',
      "aws_vpc.a",
      'module.m["a"].aws_vpc.a',
      "module.n[2].aws_vpc.a",
      "module.n[10].aws_vpc.a[1]",
      "module.n[10].aws_vpc.a[11]",
      "terraform_data.z",
    ];
    const shuffled = [...ordered].reverse().map(parseAddress);
    expect(shuffled.sort(compareAddresses).map(printAddress)).toEqual(ordered);
  });

  test("is total and agrees with equality", () => {
    fc.assert(
      fc.property(addresses, addresses, (a, b) => {
        expect(compareAddresses(a, b)).toBe(compareAddresses(b, a) === 0 ? 0 : -compareAddresses(b, a));
        expect(compareAddresses(a, b) === 0).toBe(printAddress(a) === printAddress(b));
      }),
    );
  });

  test("of many things is the same as of two", () => {
    const few = fc.constantFrom<InstanceKey>(null, 0, 2, 10, "0", "10", "2", "a");
    const near: fc.Arbitrary<Address> = fc.record({
      module: fc.array(fc.record({ name: fc.constantFrom("m", "n"), key: few }), { maxLength: 2 }),
      mode: fc.constantFrom("managed", "data"),
      type: fc.constantFrom("a_b", "data", "module"),
      name: fc.constantFrom("x", "x-y"),
      key: few,
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(near, addresses), { maxLength: 30 }), (all) => {
        const things = all.map((place, index) => ({ place, index }));
        const compared = things.toSorted((a, b) => compareAddresses(a.place, b.place));
        expect(inAddressOrder(things, ({ place }) => place)).toEqual(compared);
      }),
    );
  });
});

function address(type: string, name: string, key: InstanceKey = null): Address {
  return { module: [], mode: "managed", type, name, key };
}

function step(name: string) {
  return { name, key: null };
}

const names = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,5}$/);
const keys = fc.oneof(
  fc.constant(null),
  fc.nat(),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("$", "%", "{", "}", '"', "\\", "a") }),
);
const addresses: fc.Arbitrary<Address> = fc.record({
  module: fc.array(fc.record({ name: names, key: keys }), { maxLength: 3 }),
  mode: fc.constantFrom("managed", "data"),
  type: names.filter((name) => name !== "data" && name !== "module"),
  name: names,
  key: keys,
});
