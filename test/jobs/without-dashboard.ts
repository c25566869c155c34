import { vi } from "vitest";

// Most tests look at single issues and pull requests by their numbers, so there is a dashboard only with
// `dashboard: true`. That it is the default is tested with the service. What stands in for a module must do so before
// any test's own imports, so this is a set-up file of the project.
vi.mock("../../src/config/model.ts", async (original) => {
  const actual = await original<typeof import("../../src/config/model.ts")>();
  return { ...actual, DEFAULT_CONFIG: { ...actual.DEFAULT_CONFIG, dashboard: false } };
});
