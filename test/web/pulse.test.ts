import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pulse } from "../../src/web/pulse.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function watched(check: () => Promise<unknown>) {
  let isGone = false;
  const pulse = new Pulse({ check, everyMs: 1_000, mostMissed: 3 });
  void pulse.gone.then(() => {
    isGone = true;
  });
  const wait = async (seconds: number) => {
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    return { isWell: pulse.isWell, isGone };
  };
  return { pulse, wait };
}

const refuses = () => Promise.reject(new Error("closed"));
const hangs = () => new Promise(() => {});

describe("a database", () => {
  it("that answers is well", async () => {
    const { wait } = await watched(async () => {});
    expect(await wait(100)).toEqual({ isWell: true, isGone: false });
  });

  it.each([
    ["refuses", refuses],
    ["says nothing", hangs],
  ])("that %s is well for a while, and gone then", async (_what, check) => {
    const { wait } = await watched(check);
    expect(await wait(3)).toEqual({ isWell: true, isGone: false });
    expect(await wait(1)).toEqual({ isWell: false, isGone: true });
  });

  it("that comes back in time was never gone", async () => {
    const answers = [refuses, refuses, async () => {}, refuses, refuses];
    const { wait } = await watched(() => (answers.shift() ?? (async () => {}))());
    expect(await wait(20)).toEqual({ isWell: true, isGone: false });
  });

  it("that comes back later is well again", async () => {
    let check: () => Promise<unknown> = refuses;
    const { wait } = await watched(() => check());
    expect(await wait(5)).toMatchObject({ isWell: false });
    check = async () => {};
    expect(await wait(2)).toMatchObject({ isWell: true });
  });

  it("is asked one question at a time", async () => {
    const check = vi.fn(hangs);
    const { wait } = await watched(check);
    await wait(10);
    expect(check).toHaveBeenCalledTimes(1);
  });

  it("is asked nothing after the end", async () => {
    const check = vi.fn(async () => {});
    const { pulse, wait } = await watched(check);
    pulse.stop();
    await wait(10);
    expect(check).not.toHaveBeenCalled();
  });
});
