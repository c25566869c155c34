import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { coversNetwork, isPublic, normalNetwork, parseNetwork } from "../../src/drift/network.ts";

describe("address ranges", () => {
  test.each([
    ["10.0.0.0/8", "10.9.9.9/8"],
    ["10.0.0.1", "10.0.0.1/32"],
    ["2001:db8::/32", "2001:0DB8:0:0:0:0:0:0/32"],
    ["::/0", "0:0:0:0:0:0:0:0/0"],
    ["::ffff:10.0.0.1/128", "::ffff:a00:1/128"],
    ["fe80::1", "fe80:0::0:1/128"],
  ])("%s is %s", (a, b) => {
    expect(normalNetwork(a)).toBe(normalNetwork(b));
  });

  test.each([
    "",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0/8",
    "010.0.0.0/8",
    "0x0a000000/8",
    "::/129",
    "fe80::1%eth0",
    "sg-1",
    "10.0.0.0/8/8",
  ])("%j is none, and stays as it is", (text) => {
    expect(parseNetwork(text)).toBeNull();
    expect(normalNetwork(text)).toBe(text);
  });

  test.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["10.0.0.0/8", "11.0.0.0/8", false],
    ["0.0.0.0/0", "::/0", false],
    ["::/0", "2001:db8::/32", true],
    ["10.0.0.0/8", "10.0.0.0/8", true],
  ])("%s covers %s: %s", (outer, inner, covers) => {
    const [a, b] = [parseNetwork(outer), parseNetwork(inner)];
    expect(a !== null && b !== null && coversNetwork(a, b)).toBe(covers);
  });

  test.each([
    ["0.0.0.0/0", true],
    ["::/0", true],
    ["0.0.0.0/1", true],
    ["2000::/3", true],
    ["10.0.0.0/8", false],
    ["3.0.0.0/8", false],
    ["fc00::/7", false],
    ["2001:db8::/32", false],
  ])("%s is as good as everybody: %s", (text, expected) => {
    const network = parseNetwork(text);
    expect(network !== null && isPublic(network)).toBe(expected);
  });

  it("a range covers every address in it", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const outer = parseNetwork(`${address}/${prefix}`);
        const inner = parseNetwork(address);
        expect(outer !== null && inner !== null && coversNetwork(outer, inner)).toBe(true);
      }),
    );
  });

  it("any IPv6 text either reads, or stays as it is", () => {
    fc.assert(fc.property(fc.ipV6(), (address) => parseNetwork(address) !== null));
    fc.assert(fc.property(fc.string(), (text) => typeof normalNetwork(text) === "string"));
  });
});
