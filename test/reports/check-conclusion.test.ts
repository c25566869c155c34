import { describe, expect, it } from "vitest";
import type { FailingDrift } from "../../src/config/model.ts";
import { APPLY_EFFECTS, type ApplyEffect } from "../../src/drift/apply-effect.ts";
import type { Severity } from "../../src/drift/model.ts";
import type { Affected } from "../../src/reports/affected.ts";
import { checkRunConclusion } from "../../src/reports/check-conclusion.ts";
import { finding } from "./fixtures.ts";

function touched(
  severity: Severity,
  environment: string | null,
  effect: ApplyEffect = "reverts",
  fingerprint = "a",
): Affected {
  const stack = { name: "shop", path: ".", environment };
  return { finding: finding({ severity, fingerprint }), stack, effect, places: [] };
}

function conclusion(
  affected: readonly Affected[],
  fail: Partial<FailingDrift> | null,
  adopts: readonly string[] = [],
): string {
  const chosen = fail === null ? null : { severities: null, environments: null, ...fail };
  return checkRunConclusion(affected, { notEvaluated: [], adopts, fail: chosen });
}

describe("the conclusion of a check", () => {
  it.each<[string, Affected, Partial<FailingDrift> | null, string]>([
    ["nothing is chosen", touched("critical", "production"), null, "neutral"],
    ["the severity is chosen", touched("high", null), { severities: ["critical", "high"] }, "failure"],
    ["another severity is chosen", touched("low", "production"), { severities: ["critical"] }, "neutral"],
    ["the environment is chosen", touched("info", "production"), { environments: ["prod*"] }, "failure"],
    ["another environment is chosen", touched("critical", "staging"), { environments: ["prod*"] }, "neutral"],
    ["the stack has no environment", touched("critical", null), { environments: ["*"] }, "neutral"],
    [
      "only one of both fits",
      touched("low", "production"),
      { severities: ["high"], environments: ["production"] },
      "neutral",
    ],
    [
      "both fit",
      touched("high", "production"),
      { severities: ["high"], environments: ["production"] },
      "failure",
    ],
    [
      "somebody acknowledged it",
      { ...touched("high", "production"), acknowledged: { by: "alice", at: new Date(0) } },
      { severities: ["high"] },
      "neutral",
    ],
  ])("where %s", (_when, one, fail, expected) => {
    expect(conclusion([one], fail)).toBe(expected);
  });

  it.each(APPLY_EFFECTS)("of what an apply %s", (effect) => {
    const expected = effect === "contains" ? "success" : effect === "leaves" ? "neutral" : "failure";
    expect(conclusion([touched("high", "production", effect)], {})).toBe(expected);
  });

  it.each<[ApplyEffect, string]>([
    ["unknown", "neutral"],
    ["reverts", "failure"],
  ])("where its stack is not evaluated in full, of what an apply %s", (effect, expected) => {
    const fail = { severities: null, environments: null };
    const context = { notEvaluated: [{ stack: "shop", why: "an error" }], adopts: [], fail };
    const other = {
      ...touched("high", "production", effect),
      stack: { name: "other", path: "o", environment: null },
    };
    expect(checkRunConclusion([touched("high", "production", effect)], context)).toBe(expected);
    expect(checkRunConclusion([other], context)).toBe("failure");
  });

  it("does not fail an adoption of ours for the other drift of its resources, which it does not touch", () => {
    const adopted = touched("high", "production", "contains", "adopted");
    const aside = touched("high", "production", "reverts", "aside");
    expect(conclusion([adopted, aside], {}, ["adopted"])).toBe("neutral");
    expect(conclusion([adopted, aside], {}, [])).toBe("failure");
  });

  it("is neutral where something could not be evaluated and nothing fails", () => {
    const context = { notEvaluated: [{ stack: "shop", why: "x" }], adopts: [], fail: null };
    expect(checkRunConclusion([], context)).toBe("neutral");
    expect(checkRunConclusion([], { ...context, notEvaluated: [] })).toBe("success");
  });
});
