import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

/** Ends every run with one plain line of real counts: `N passed, N failed, N skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      // What failed outside of every test, such as an import or an `afterAll`.
      for (const place of [module, ...module.children.allSuites()]) {
        const isTold = [...place.children.allTests()].some((test) => stateOf(test) === "failed");
        if (place.errors().length > 0 && !isTold) count.failed += 1;
      }
      for (const test of module.children.allTests()) count[stateOf(test)] += 1;
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`);
  }
}

/** One that never ran since what stands before it failed has failed: vitest calls it skipped. */
function stateOf(test: TestCase): "passed" | "failed" | "skipped" {
  const { state } = test.result();
  if (state === "pending") return "failed";
  if (state !== "skipped" || test.options.mode === "skip" || test.options.mode === "todo") return state;
  return hasBroken(test.parent) ? "failed" : "skipped";
}

/** Whether something around the test failed by itself, such as a `beforeAll`. */
function hasBroken(place: TestSuite | TestModule): boolean {
  if (place.errors().length > 0) return true;
  return place.type === "suite" && hasBroken(place.parent);
}
