import { describe, expect, it, test } from "vitest";
import { settle, type ValueHistory } from "../../src/drift/history.ts";
import type { Finding } from "../../src/drift/model.ts";
import { compareOne } from "./example.ts";

const day = (n: number) => new Date(Date.UTC(2026, 4, n));
const UNKNOWN: ValueHistory = { literalChangedAt: null, stateWrittenAt: null, agreedAt: null };

function absorbed(attribute = "name"): Finding {
  const values =
    attribute === "checked"
      ? { desired: true, recorded: false, observed: false }
      : { desired: "a", recorded: "b", observed: "b" };
  const [finding] = compareOne(attribute, values).findings;
  if (finding?.kind !== "absorbed") throw new Error("the example is not absorbed");
  return finding;
}

describe("absorbed, or merged and not yet applied", () => {
  test.each<readonly [string, Partial<ValueHistory>, Finding["kind"]]>([
    ["the code is younger than the state", { literalChangedAt: day(3), stateWrittenAt: day(2) }, "unapplied"],
    ["the code is older than the state", { literalChangedAt: day(1), stateWrittenAt: day(2) }, "absorbed"],
    [
      "the code is younger than the last agreement",
      { literalChangedAt: day(2), agreedAt: day(1) },
      "unapplied",
    ],
    [
      "younger than the agreement, though the state was written since",
      { literalChangedAt: day(2), agreedAt: day(1), stateWrittenAt: day(3) },
      "unapplied",
    ],
    ["older than both", { literalChangedAt: day(1), agreedAt: day(2), stateWrittenAt: day(3) }, "absorbed"],
    ["nothing known", {}, "unapplied"],
    ["only the literal known", { literalChangedAt: day(1) }, "unapplied"],
    ["only the state known", { stateWrittenAt: day(1) }, "unapplied"],
  ])("%s", (_why, history, kind) => {
    const finding = absorbed();
    const settled = settle(finding, { ...UNKNOWN, ...history });
    expect(settled.kind).toBe(kind);
    expect(settled.notes.length).toBe(finding.notes.length + 1);
    expect(settled.fingerprint).toBe(finding.fingerprint);
    expect(settled.revision).toBe(finding.revision);
  });

  it("says that it is uncertain where nothing is known", () => {
    expect(settle(absorbed(), UNKNOWN).notes.join(" ")).toContain("Uncertain");
  });

  test.each(["profile", "policy", "checked"])(
    "shows what matters to security as absorbed: %s",
    (attribute) => {
      const settled = settle(absorbed(attribute), UNKNOWN);
      expect(settled.kind).toBe("absorbed");
      expect(settled.notes.join(" ")).toContain("Uncertain");
    },
  );

  it("a merged change is no alarm, whatever it changes", () => {
    const settled = settle(absorbed("profile"), {
      ...UNKNOWN,
      literalChangedAt: day(2),
      stateWrittenAt: day(1),
    });
    expect(settled).toMatchObject({ kind: "unapplied", severity: "info" });
  });

  it("leaves every other kind as it is", () => {
    const [drift] = compareOne("name", { desired: "a", recorded: "a", observed: "b" }).findings;
    if (drift === undefined) throw new Error("the example has no drift");
    expect(settle(drift, UNKNOWN)).toBe(drift);
  });
});
