import { describe, expect, test } from "vitest";
import { contentHash } from "../../src/drift/content-hash.ts";

// echo -n hello | sha1sum
const HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
const HELLO_BASE64 = "aGVsbG8=";

describe("contentHash", () => {
  test.each([
    ["of a text", "hello!", "8f7d88e901a5ad3a05d8cc0de93313fd76028f8c"],
    ["of what Base64 encodes", HELLO_BASE64, HELLO],
    ["of what Base64 in lines encodes", "aGVs\r\nbG8=\n", HELLO],
    ["a hash is itself", HELLO.toUpperCase(), HELLO],
    ["of nothing", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ])("%s", (_, text, expected) => {
    expect(contentHash(text)).toBe(expected);
  });
});
