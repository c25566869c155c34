import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NotWritten, writeEdits } from "../../src/commands/write-edits.ts";
import { type Checkout, openCheckout } from "../../src/sources/checkout.ts";
import { Workplace } from "./command.ts";

let place: Workplace;
let scanned: Checkout;

beforeEach(() => {
  place = new Workplace({ "a.tf": "a", "b.tf": "b" });
  scanned = openCheckout(place.folder);
  for (const path of ["a.tf", "b.tf"]) scanned.read(path);
});

afterEach(() => place.remove());

const EDITS = [
  { path: "a.tf", text: "A" },
  { path: "b.tf", text: "B" },
];
const now = (path: string) => readFileSync(place.path(path), "utf8");

test("writes every file, with the permissions it had, and leaves nothing else behind", async () => {
  chmodSync(place.path("a.tf"), 0o600);
  await writeEdits(place.folder, scanned, EDITS);
  expect([now("a.tf"), now("b.tf")]).toEqual(["A", "B"]);
  expect(statSync(place.path("a.tf")).mode & 0o777).toBe(0o600);
  expect(readdirSync(place.folder).sort()).toEqual(["a.tf", "b.tf"]);
});

test("writes through a link inside of the root, which stays a link", async () => {
  symlinkSync("a.tf", place.path("link.tf"));
  const checkout = openCheckout(place.folder);
  await writeEdits(place.folder, checkout, [{ path: "link.tf", text: "A" }]);
  expect(now("a.tf")).toBe("A");
  expect(
    readdirSync(place.folder, { withFileTypes: true }).filter((each) => each.isSymbolicLink()),
  ).toHaveLength(1);
});

describe("writes nothing at all", () => {
  test.each<[string, () => void, RegExp]>([
    ["where one file changed", () => place.put("b.tf", "mine"), /b\.tf changed while the scan ran/],
    ["where one file is gone", () => place.removeFile("b.tf"), /b\.tf is gone since the scan/],
    ["where one file is read-only", () => chmodSync(place.path("b.tf"), 0o444), /b\.tf is read-only/],
    [
      "where a folder stands in the place of one file",
      () => {
        place.removeFile("b.tf");
        place.put("b.tf/c.tf", "c");
      },
      /b\.tf cannot be written \(EISDIR\)/,
    ],
    [
      "where one file is a link out of the root now",
      () => {
        place.removeFile("b.tf");
        symlinkSync("/etc/hostname", place.path("b.tf"));
      },
      /b\.tf leads out of the root/,
    ],
    [
      "where two paths are one file",
      () => {
        place.removeFile("b.tf");
        place.put("a.tf", "a");
        symlinkSync("a.tf", place.path("b.tf"));
        scanned = openCheckout(place.folder);
      },
      /b\.tf is the same file as another/,
    ],
  ])("%s", async (_what, happens, message) => {
    happens();
    const writing = writeEdits(place.folder, scanned, EDITS);
    await expect(writing).rejects.toThrow(message);
    await expect(writing).rejects.toThrow(NotWritten);
    expect(now("a.tf")).toBe("a");
    expect(readdirSync(place.folder).filter((name) => name.includes("driftwright"))).toEqual([]);
  });
});
