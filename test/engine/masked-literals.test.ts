import { describe, expect, it } from "vitest";
import { maskedDiff } from "../../src/engine/masked-diff.ts";
import { maskedCopies, maskedSlice } from "../../src/engine/masked-literals.ts";
import { unifiedDiff } from "../../src/reconcile/diff.ts";

const TEXT = 'size = "a"\npin  = "1234"\ncode = <<E\n  12\n\n  E2\nE\nlast = 1\n';
const spans = [spanOf('"1234"'), spanOf("<<E\n  12\n\n  E2\nE"), spanOf("1\n", 1)];

function spanOf(part: string, length = part.length) {
  const start = part === "1\n" ? TEXT.lastIndexOf(part) : TEXT.indexOf(part);
  return { start, end: start + length };
}

describe("sensitive literals", () => {
  it("are masked in a part of a file, which keeps its lines", () => {
    expect(maskedSlice(TEXT, { start: 0, end: TEXT.length }, spans)).toBe(
      'size = "a"\npin  = "(sensitive)"\ncode = (sensitive)\n  (sensitive)\n\n  (sensitive)\n(sensitive)\nlast = (sensitive)\n',
    );
  });

  it("are masked where only a part of one is shown", () => {
    const { start } = spanOf("1234");
    expect(maskedSlice(TEXT, { start: start + 2, end: start + 5 }, spans)).toBe('(sensitive)"');
  });

  it("are masked where they are written again, as whole words", () => {
    expect(maskedCopies('x = ["1234", "12345", 1, 81]', TEXT, spans)).toBe(
      'x = ["(sensitive)", "12345", (sensitive), 81]',
    );
  });

  it("are masked in a line that is changed beside them", () => {
    const line = 'one = { pin = "1234", size = "a" }\r\n';
    const start = line.indexOf('"1234"');
    const { diff, hidden } = maskedDiff(unifiedDiff("f", line, line.replace('"a"', '"b"')), line, [
      { start, end: start + 6 },
    ]);
    expect(diff).toContain('-one = { pin = "(sensitive)", size = "a" }\r\n');
    expect(diff).toContain('+one = { pin = "(sensitive)", size = "b" }\r\n');
    expect(hidden).toBe(1);
  });
});
