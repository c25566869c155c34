import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FUNCTIONS } from "../../../src/hcl/functions/index.ts";

/** What `terraform metadata functions -json` of 1.11 lists, without files, templates, `try` and `can`. */
const NAMES = `
  abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename
  bcrypt ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist
  compact concat contains csvdecode dirname distinct element endswith ephemeralasnull flatten floor
  format formatdate formatlist indent index issensitive join jsondecode jsonencode keys length log
  lookup lower matchkeys max md5 merge min nonsensitive one parseint pathexpand plantimestamp pow
  range regex regexall replace reverse rsadecrypt sensitive setintersection setproduct setsubtract
  setunion sha1 sha256 sha512 signum slice sort split startswith strcontains strrev substr sum
  textdecodebase64 textencodebase64 timeadd timecmp timestamp title tobool tolist tomap tonumber toset
  tostring transpose trim trimprefix trimspace trimsuffix upper urlencode uuid uuidv5 values
  yamldecode yamlencode zipmap
`;

test("all functions are there, and no others", () => {
  expect([...FUNCTIONS.keys()].sort()).toEqual(NAMES.trim().split(/\s+/));
});

test("each function has cases that a real terraform answered, but for those it cannot answer twice", () => {
  const folder = new URL("./fixtures/", import.meta.url);
  const cases = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join();
  const without = [...FUNCTIONS.keys()].filter((name) => !cases.includes(`${name}(`));
  expect(without.sort()).toEqual(["bcrypt", "plantimestamp", "rsadecrypt", "timestamp", "uuid"]);
});
