import { describe, expect, test } from "vitest";
import { observedUserData, userDataHash } from "../../../src/providers/aws/user-data.ts";

// echo -n hello | sha1sum
const HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
const HELLO_BASE64 = "aGVsbG8=";

describe("userDataHash", () => {
  test.each([
    ["of a text", "hello!", "8f7d88e901a5ad3a05d8cc0de93313fd76028f8c"],
    ["of what Base64 encodes", HELLO_BASE64, HELLO],
    ["a hash is itself", HELLO.toUpperCase(), HELLO],
    ["of nothing", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ])("%s", (_, text, expected) => {
    expect(userDataHash(text)).toBe(expected);
  });
});

describe("observedUserData", () => {
  test.each([
    ["the hash recorded by version 5", HELLO_BASE64, HELLO, HELLO],
    ["Base64 recorded as user_data_base64", HELLO_BASE64, HELLO_BASE64, HELLO_BASE64],
    [
      "the text recorded by version 6",
      Buffer.from("#!/bin/sh\n").toString("base64"),
      "#!/bin/sh\n",
      "#!/bin/sh\n",
    ],
    ["another text shows as its hash only", HELLO_BASE64, "#!/bin/sh\n", HELLO],
    ["nothing there", null, HELLO, ""],
    ["nothing recorded", HELLO_BASE64, "", HELLO],
  ])("%s", (_, live, recorded, expected) => {
    expect(observedUserData(live, recorded)).toBe(expected);
  });
});
