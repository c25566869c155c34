import { describe, expect, test } from "vitest";
import { observedUserData } from "../../../src/providers/aws/user-data.ts";

// echo -n hello | sha1sum
const HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
const HELLO_BASE64 = "aGVsbG8=";

describe("observedUserData", () => {
  test.each([
    ["the hash recorded by version 5", HELLO_BASE64, HELLO, HELLO],
    ["Base64 recorded as user_data_base64", HELLO_BASE64, HELLO_BASE64, HELLO_BASE64],
    ["Base64 recorded in lines", HELLO_BASE64, "aGVs\r\nbG8=\n", "aGVs\r\nbG8=\n"],
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
