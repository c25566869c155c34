import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gzip } from "../../src/hcl/functions/deflate/gzip.ts";
import { randomNumbers } from "../hcl/mutation.ts";
import { terraform, terraformVersion } from "./terraform.ts";

const TEXTS = 400;
const PROSE = readFileSync(new URL("../../docs/architecture.md", import.meta.url), "utf8").normalize();

type Dice = (below: number) => number;

/** Texts of sorts that a compressor treats differently, each of so many characters. */
const SORTS: readonly ((length: number, dice: Dice) => string)[] = [
  (length) => "a".repeat(length),
  (length, dice) => PROSE.slice(dice(PROSE.length)).repeat(9).slice(0, length),
  (length, dice) => letters(length, () => 32 + dice(95)),
  (length, dice) => letters(length, () => 97 + dice(3)),
  (length, dice) => letters(length, () => (dice(2) === 0 ? 0x4e00 + dice(20_000) : 32 + dice(95))),
  (length, dice) => {
    const piece = letters(1 + dice(40_000), () => 48 + dice(60));
    return piece.repeat(1 + Math.ceil(length / piece.length)).slice(0, length);
  },
  (length, dice) => {
    const words = Array.from({ length: 2 + dice(300) }, () => letters(3 + dice(20), () => 97 + dice(26)));
    return Array.from({ length: Math.ceil(length / 12) }, () => words[dice(words.length)]).join(" ");
  },
];

function letters(length: number, next: () => number): string {
  return Array.from({ length }, () => String.fromCharCode(next())).join("");
}

describe.skipIf(terraformVersion() === null)("terraform's own compressor agrees", () => {
  test(`on ${TEXTS} texts of up to 256 KiB`, () => {
    const folder = mkdtempSync(join(tmpdir(), "gzip-"));
    try {
      mkdirSync(join(folder, "texts"));
      const next = randomNumbers(1);
      const dice: Dice = (below) => Math.floor(next() * below);
      const ours = Array.from({ length: TEXTS }, (_, index) => {
        const length = dice(1 << (1 + dice(18)));
        const text = SORTS[index % SORTS.length]?.(length, dice) ?? "";
        const bytes = Buffer.from(text, "utf8");
        writeFileSync(join(folder, "texts", String(index).padStart(4, "0")), bytes);
        const packed = Buffer.from(gzip(bytes, () => {})).toString("base64");
        return createHash("sha256").update(packed).digest("hex");
      });
      const asked =
        'join(" ", [for name in sort(fileset("texts", "*")) : sha256(base64gzip(file("texts/${name}")))])';
      writeFileSync(join(folder, "main.tf"), `output "packed" {\n  value = ${asked}\n}\n`);
      terraform(folder, ["init"]);
      terraform(folder, ["plan", "-out=plan.bin"]);
      const plan = JSON.parse(terraform(folder, ["show", "-json", "plan.bin"])) as {
        planned_values: { outputs: { packed: { value: string } } };
      };
      expect(plan.planned_values.outputs.packed.value.split(" ")).toEqual(ours);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
