import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { type ProposedStack, proposedFile } from "../../src/config/proposed-file.ts";

const NOW = new Date("2026-03-01T12:00:00Z");
const SHOP: ProposedStack = {
  name: "shop-prod",
  path: "infra/shop",
  environment: "prod",
  workspace: "prod",
  varFiles: ["infra/shop/env/prod.tfvars", "infra/common.tfvars"],
  backendConfig: { bucket: "states", assume_role: { role_arn: "arn:aws:iam::123456789012:role/read" } },
  listed: true,
  unreadFiles: [],
  state: { kind: "s3", bucket: "states", key: null },
  providers: ["aws"],
};

function read(text: string) {
  const { config, diagnostics } = parseConfig(text, ".github/driftwright.yml", NOW);
  expect(diagnostics).toEqual([]);
  return config;
}

describe("the file that onboarding proposes", () => {
  test("says when to begin, and names no schema for editors, since none stands beside it", () => {
    const text = proposedFile({ stacks: [SHOP], left: 0 }, NOW, false);
    expect(text).not.toMatch(/\$schema|schema\.json/);
    expect(text).toMatch(/^# Drift that is there already[\s\S]*?\nstart: new-only$/m);
    expect(read(text)?.start).toBe("new-only");
  });

  test("says of a stack what was found, with files from its folder", () => {
    expect(proposedFile({ stacks: [SHOP], left: 0 }, NOW, false)).toContain(
      [
        "stacks:",
        "  - name: shop-prod",
        "    path: infra/shop",
        "    environment: prod",
        "    workspace: prod",
        "    var_files: [env/prod.tfvars, ../common.tfvars]",
        "    backend_config:",
        "      bucket: states",
        '      assume_role: {"role_arn":"arn:aws:iam::123456789012:role/read"}',
        "",
      ].join("\n"),
    );
  });

  test("shows variable files of which nothing says what they are for", () => {
    const stack = { ...SHOP, unreadFiles: ["infra/shop/env/test.tfvars"] };
    expect(proposedFile({ stacks: [stack], left: 0 }, NOW, false)).toContain(
      "\n    # var_files: [env/test.tfvars]\n",
    );
  });

  test("says what a public repository is told, and promises a private one nothing of it", () => {
    const proposal = { stacks: [SHOP], left: 0 };
    expect(proposedFile(proposal, NOW, true)).toMatch(/numbers alone[\s\S]*\n# public: details\n/);
    expect(read(proposedFile(proposal, NOW, true))?.public).toBe("counts");
    expect(proposedFile(proposal, NOW, false)).not.toContain("public");
  });

  test("its examples can be read when they are no comments any more", () => {
    const text = proposedFile({ stacks: [SHOP], left: 0 }, NOW, true);
    const config = read(text.replace(/^# (?=[a-z_]+: ?|[a-z_]+:$| {2})/gm, ""));
    expect(config).toMatchObject({
      rules: [{ verdict: "adopt" }],
      ignore: [{ verdict: "ignore" }],
      labels: ["drift"],
      public: "details",
      dryRun: true,
      limits: { openPullRequests: 5 },
    });
    expect(config?.schedule?.timeZone).toBe("Europe/Berlin");
  });

  test.each([
    ["no stacks", []],
    ["none that may be listed", [{ ...SHOP, listed: false }]],
    ["a path that no configuration may have", [{ ...SHOP, path: "a\\b" }]],
    ["a workspace that none may have", [{ ...SHOP, workspace: "a b" }]],
  ])("%s: lists none, and can be read", (_what, stacks) => {
    expect(read(proposedFile({ stacks, left: 0 }, NOW, false))?.stacks).toEqual([]);
  });

  test("leaves out a whole folder where one of its stacks cannot be listed", () => {
    const stacks = [SHOP, { ...SHOP, name: "b", listed: false }, { ...SHOP, name: "c", path: "c" }];
    const config = read(proposedFile({ stacks, left: 2 }, NOW, false));
    expect(config?.stacks.map(({ path }) => path)).toEqual(["c"]);
    expect(proposedFile({ stacks, left: 2 }, NOW, false)).toContain("# 4 more are not listed here");
  });
});
