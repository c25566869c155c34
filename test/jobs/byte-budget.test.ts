import { describe, expect, it } from "vitest";
import { ByteBudget, type Share } from "../../src/jobs/byte-budget.ts";

const never = new AbortController().signal;

/** Takes shares and notes the order in which they are given. */
function takers(budget: ByteBudget) {
  const given: string[] = [];
  const shares = new Map<string, Share>();
  const take = async (name: string, bytes: number, signal = never) => {
    const share = await budget.take(bytes, signal);
    given.push(name);
    shares.set(name, share);
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { given, shares, take, settled };
}

describe("a budget of bytes", () => {
  it("is given out while there is some, and the others wait in line", async () => {
    const { given, shares, take, settled } = takers(new ByteBudget(10));
    const all = [take("a", 6), take("b", 5), take("c", 1)];
    await settled();
    expect(given).toEqual(["a"]);
    shares.get("a")?.release();
    await Promise.all(all);
    expect(given).toEqual(["a", "b", "c"]);
  });

  it("is given on as soon as somebody needs less than was taken", async () => {
    const { given, shares, take, settled } = takers(new ByteBudget(10));
    await take("a", 10);
    const waiting = take("b", 7);
    shares.get("a")?.shrink(4);
    await settled();
    expect(given).toEqual(["a"]);
    shares.get("a")?.shrink(3);
    await waiting;
    expect(given).toEqual(["a", "b"]);
  });

  it("never grows by what is given back twice, or by a share that wants to grow again", async () => {
    const { given, shares, take, settled } = takers(new ByteBudget(10));
    await take("a", 4);
    const a = shares.get("a");
    a?.shrink(9);
    a?.release();
    a?.release();
    await take("b", 10);
    void take("c", 1);
    await settled();
    expect(given).toEqual(["a", "b"]);
  });

  it("lets what is larger than all of it in alone", async () => {
    const { given, shares, take, settled } = takers(new ByteBudget(10));
    await take("a", 1);
    const large = take("large", 99);
    await settled();
    expect(given).toEqual(["a"]);
    shares.get("a")?.release();
    await large;
    const next = take("b", 1);
    await settled();
    expect(given).toEqual(["a", "large"]);
    shares.get("large")?.release();
    await next;
  });

  it("is not waited for by whoever gives up, and they hold up nobody", async () => {
    const { given, take, settled } = takers(new ByteBudget(10));
    await take("a", 5);
    const leaving = new AbortController();
    const gone = take("b", 9, leaving.signal).catch((reason: unknown) => reason);
    const next = take("c", 5);
    await settled();
    expect(given).toEqual(["a"]);
    leaving.abort(new Error("stopping"));
    await next;
    expect(await gone).toEqual(new Error("stopping"));
    expect(given).toEqual(["a", "c"]);
    await expect(take("d", 0, leaving.signal)).rejects.toThrow("stopping");
  });
});
