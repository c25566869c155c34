import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gzip } from "../../../../src/hcl/functions/deflate/gzip.ts";

// That the bytes are Terraform's is shown in ../fixtures/encoding.json; here that they are gzip at all, for any bytes.

function packed(bytes: Uint8Array): Uint8Array {
  return gzip(bytes, () => {});
}

/** Bytes that look random and are the same each time. */
function noise(length: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash("sha512").update(String(index)).digest(),
  );
  return Buffer.concat(pieces).subarray(0, length);
}

function repeated(piece: Uint8Array, length: number): Buffer {
  return Buffer.alloc(length, piece);
}

/** Symbols of which each is as frequent as the two before it together: the rarest would want the longest codes. */
function fibonacci(symbols: number): Buffer {
  const counts = [1, 1];
  while (counts.length < symbols) counts.push((counts.at(-1) ?? 0) + (counts.at(-2) ?? 0));
  return Buffer.concat(counts.map((count, symbol) => Buffer.alloc(count, symbol)));
}

describe("gunzip gives the bytes back", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.from("")],
    ["one byte", Buffer.from("a")],
    ["less than a repetition", Buffer.from("aaaa")],
    ["a run of the longest repetition", Buffer.alloc(1 + 258, "a")],
    ["a run of one more", Buffer.alloc(1 + 259, "a")],
    ["many blocks of a run", Buffer.alloc(6_000_000, "a")],
    ["bytes that cannot be made shorter", noise(200_000)],
    ["a repetition from as far away as can be", repeated(noise(32_768), 131_072)],
    ["a repetition from further away", repeated(noise(32_769), 131_072)],
    ["all that the compressor holds", repeated(noise(300), 65_536)],
    ["one byte more", repeated(noise(300), 65_537)],
    ["codes of the greatest length", fibonacci(22)],
  ])("%s", (_, bytes) => {
    expect(Buffer.compare(gunzipSync(packed(bytes)), bytes)).toBe(0);
  });

  test("any text, alone and said again with other texts between", () => {
    const letter = fc.constantFrom(...'ab \n\0{}"é漢😀');
    const parts = fc.array(fc.string({ unit: letter, maxLength: 60 }), { maxLength: 10 });
    const order = fc.array(fc.nat(), { maxLength: 200 });
    fc.assert(
      fc.property(parts, order, (texts, indexes) => {
        const text = indexes.map((index) => texts[index % texts.length] ?? "").join("");
        const bytes = Buffer.from(text);
        expect(gunzipSync(packed(bytes)).toString()).toBe(bytes.toString());
      }),
    );
  });

  test("any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000, size: "max" }), (bytes) => {
        expect(new Uint8Array(gunzipSync(packed(bytes)))).toEqual(bytes);
      }),
    );
  });
});

describe("what cannot be made shorter grows by a few bytes alone", () => {
  test.each([1000, 65_535, 200_000])("%i bytes", (length) => {
    expect(packed(noise(length)).length).toBeLessThan(length * 1.001 + 60);
  });
});

describe("the work", () => {
  test("is told before each block is written, and can be refused", () => {
    const refusal = new Error("too much");
    const told: number[] = [];
    const refuse = (compared: number) => {
      told.push(compared);
      if (told.length > 1) throw refusal;
    };
    expect(() => gzip(noise(200_000), refuse)).toThrow(refusal);
    expect(told).toHaveLength(2);
  });

  test("counts each place that is looked at", () => {
    let compared = 0;
    gzip(Buffer.from("abcdefabcdef"), (count) => {
      compared += count;
    });
    expect(compared).toBeGreaterThanOrEqual(6);
  });
});
