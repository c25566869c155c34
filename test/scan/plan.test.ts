import { describe, expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../../src/config/model.ts";
import type { AskedStack } from "../../src/scan/asked-entry.ts";
import { type Asked, planScan } from "../../src/scan/plan.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { entry } from "./networks.ts";

const REMOTE = 'terraform {\n  backend "gcs" {}\n}\n';
const LOCAL = 'terraform {\n  backend "local" {}\n}\n';
const STATE = '{"version": 4}';

type Files = Readonly<Record<string, string>>;
type Entries = readonly ReturnType<typeof entry>[];

function plan(files: Files, stacks: Entries = [], asked: Partial<Asked> = {}) {
  return planScan(
    memorySnapshot(files),
    { ...DEFAULT_CONFIG, stacks },
    { folder: ".", only: null, repository: "shop", ...asked },
  );
}

describe("which stacks are scanned", () => {
  test.each<[string, Files, Entries, readonly string[]]>([
    ["a backend", { "infra/main.tf": REMOTE }, [], ["infra infra default"]],
    ["a state", { "infra/main.tf": "", "infra/terraform.tfstate": STATE }, [], ["infra infra default"]],
    ["the root itself", { "main.tf": REMOTE }, [], ["shop . default"]],
    ["the only code there is, without a sign", { "main.tf": "" }, [], ["shop . default"]],
    [
      "a module and an example are none",
      { "a/main.tf": REMOTE, "modules/m/main.tf": "", "examples/e/main.tf": LOCAL },
      [],
      ["a a default"],
    ],
    [
      "an entry of the configuration",
      { "a/main.tf": "" },
      [entry("a", { name: "prod" })],
      ["prod a default"],
    ],
    [
      "the same folder twice",
      { "a/main.tf": REMOTE, "a/p.tfvars": "", "a/s.tfvars": "" },
      [
        entry("a", { name: "prod", varFiles: ["a/p.tfvars"] }),
        entry("a", { name: "staging", varFiles: ["a/s.tfvars"] }),
      ],
      ["prod a default", "staging a default"],
    ],
    [
      "entries without a name are told apart by environment, else workspace",
      { "a/main.tf": REMOTE },
      [
        entry("a", { environment: "production" }),
        entry("a", { workspace: "dev" }),
        entry("a", { workspace: "x" }),
      ],
      ["a-production a default", "a-dev a dev", "a-x a x"],
    ],
    [
      "names are never the same",
      { "a/main.tf": REMOTE, "b/main.tf": REMOTE },
      [
        entry("a", { name: "b" }),
        entry("a", { environment: "e", workspace: "1" }),
        entry("a", { environment: "e", workspace: "2" }),
      ],
      ["b a default", "a-e a 1", "a-e-2 a 2", "b-2 b default"],
    ],
    [
      "each workspace that has a state in the folder",
      {
        "a/main.tf": LOCAL,
        "a/terraform.tfstate": STATE,
        "a/terraform.tfstate.d/dev/terraform.tfstate": STATE,
      },
      [],
      ["a a default", "a-dev a dev"],
    ],
    [
      "each environment whose files say where its state is",
      {
        "a/main.tf": REMOTE,
        "a/prod.tfvars": "",
        "a/prod.tfbackend": 'prefix = "p"\n',
        "a/env/dev/backend.hcl": 'prefix = "d"\n',
        "a/env/dev/dev.tfvars": "",
        "a/test.tfvars": "",
      },
      [],
      ["a-dev a default", "a-prod a default"],
    ],
    [
      "variable files alone make no stacks",
      { "a/main.tf": REMOTE, "a/prod.tfvars": "", "a/dev.tfvars": "" },
      [],
      ["a a default"],
    ],
    [
      "a local backend has no state for each backend file",
      { "a/main.tf": LOCAL, "a/prod.tfbackend": 'path = "p"\n' },
      [],
      ["a a default"],
    ],
  ])("%s", (_what, files, entries, expected) => {
    const { stacks } = plan(files, entries);
    expect(stacks.map(({ name, path, workspace }) => `${name} ${path} ${workspace}`)).toEqual(expected);
  });

  test("an environment's files are given: the variables to its workspace, the settings to its backend", () => {
    const s3 = 'terraform {\n  backend "s3" {\n    key = "x"\n  }\n}\n';
    const { stacks } = plan({
      "a/main.tf": s3,
      "a/prod.tfvars": "",
      "a/prod.tfbackend": 'bucket = "prod-states"\n',
      "b/main.tf": LOCAL,
      "b/vars/dev.tfvars": "",
      "b/terraform.tfstate.d/dev/terraform.tfstate": STATE,
      "b/terraform.tfstate.d/other/terraform.tfstate": STATE,
    });
    expect(stacks.map(({ name, varFiles }) => [name, varFiles])).toEqual([
      ["a-prod", ["a/prod.tfvars"]],
      ["b-dev", ["b/vars/dev.tfvars"]],
      ["b-other", []],
    ]);
    expect(stacks[0]?.state).toEqual({
      kind: "s3",
      settings: { key: "x", bucket: "prod-states" },
      unresolved: [],
    });
  });

  test.each<[string, Files, Entries, boolean]>([
    ["nothing says which state is whose", { "a/main.tf": REMOTE, "a/env/prod.tfvars": "" }, [], true],
    ["the configuration says it", { "a/main.tf": REMOTE, "a/env/prod.tfvars": "" }, [entry("a")], false],
    [
      "backend files say it",
      { "a/main.tf": REMOTE, "a/prod.tfvars": "", "a/prod.tfbackend": 'key = "x"\n' },
      [],
      false,
    ],
    ["there are none", { "a/main.tf": REMOTE, "a/terraform.tfvars": "" }, [], false],
  ])("variable files that are not read are said: %s", (_what, files, entries, expected) => {
    const { diagnostics } = plan(files, entries);
    // With its file it is said of the stacks of that folder alone.
    expect(diagnostics).toEqual(
      expected
        ? [
            expect.objectContaining({
              file: "a/env/prod.tfvars",
              message: expect.stringMatching(
                /^nothing says which state belongs to a\/env\/prod\.tfvars, so it is not read; list a under stacks/,
              ),
            }),
          ]
        : [],
    );
  });

  test("below the folder that is asked for; the others are witnesses", () => {
    const { stacks, others } = plan({ "a/main.tf": REMOTE, "b/main.tf": REMOTE, "ab/main.tf": REMOTE }, [], {
      folder: "a",
    });
    expect(stacks.map(({ name }) => name)).toEqual(["a"]);
    expect(others.map(({ name }) => name)).toEqual(["ab", "b"]);
  });

  test("what is configured and not there, below the folder that is asked for", () => {
    const { missing } = plan({ "a/main.tf": REMOTE, "b/notes.md": "" }, [entry("b"), entry("a/c")], {
      folder: "a",
    });
    expect(missing).toEqual([{ path: "a/c", reason: "a/c is no folder of the repository, or an empty one" }]);
  });
});

describe("stacks that run from elsewhere", () => {
  const FILES = { "a/main.tf": REMOTE, "b/main.tf": REMOTE, "c/main.tf": REMOTE };
  const ENTRIES = [entry("a", { ref: "release" }), entry("b"), entry("gone", { ref: "release" })];
  const names = (stacks: readonly { readonly name: string }[]) => stacks.map(({ name }) => name);

  test.each<[string, Asked["ref"], readonly string[], readonly string[], readonly string[]]>([
    ["are witnesses of those of the default branch", null, ["b", "c"], ["a"], []],
    ["have the others as witnesses", "release", ["a"], ["b", "c"], ["gone"]],
    ["are nowhere else", "other", [], ["a", "b", "c"], []],
  ])("%s", (_what, ref, stacks, others, missing) => {
    const made = plan(FILES, ENTRIES, { ref } as Partial<Asked>);
    expect(names(made.stacks)).toEqual(stacks);
    expect(names(made.others)).toEqual(others);
    expect(made.missing.map(({ path }) => path)).toEqual(missing);
    expect(made.diagnostics).toEqual([]);
  });

  test("are read as they are where all are asked for, which is said", () => {
    const made = plan(FILES, ENTRIES);
    expect(names(made.stacks)).toEqual(["a", "b", "c"]);
    expect(made.diagnostics).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: expect.stringMatching(
          /^a runs from release and is read as this checkout has it; check release out/,
        ),
      }),
    ]);
  });
});

describe("with what", () => {
  test("an entry gives variable files, variables, environment, workspace and state, in this order", () => {
    const { stacks } = plan({ "a/main.tf": REMOTE, "a/p.tfvars": "" }, [
      entry("a", {
        varFiles: ["a/p.tfvars"],
        vars: { zones: ["a", "b"], size: "large", count: 3 },
        envVars: { region: "eu", hosts: 2 },
        environment: "production",
        workspace: "blue",
        state: "a/blue.tfstate",
      }),
    ]);
    expect(stacks).toMatchObject([
      {
        environment: "production",
        workspace: "blue",
        varFiles: ["a/p.tfvars"],
        settings: [
          { kind: "environment", name: "region", text: "eu" },
          { kind: "environment", name: "hosts", text: "2" },
          { kind: "file", path: "a/p.tfvars" },
          { kind: "variable", name: "zones", text: '["a", "b"]' },
          { kind: "variable", name: "size", text: "large" },
          { kind: "variable", name: "count", text: "3" },
        ],
        state: { kind: "snapshot", file: "a/blue.tfstate" },
      },
    ]);
  });

  const asked = (only: Partial<AskedStack>): Partial<Asked> => ({
    folder: "a",
    only: { settings: [], workspace: null, state: null, ...only },
  });

  test("the command line comes after the entry, and its values are never printed", () => {
    const variable = { kind: "variable", name: "size", text: "small" } as const;
    const { stacks } = plan(
      { "a/main.tf": REMOTE },
      [entry("a", { vars: { size: "large", team: "shop" } })],
      asked({ settings: [variable], state: { file: "/elsewhere/x.tfstate", inRoot: null } }),
    );
    expect(stacks[0]?.settings.at(-1)).toEqual(variable);
    expect(stacks[0]?.vars).toEqual({ size: "small", team: "shop" });
    expect([...(stacks[0]?.sensitiveVars ?? [])]).toEqual(["size"]);
    expect(stacks[0]?.state).toEqual({
      kind: "given",
      file: "/elsewhere/x.tfstate",
      inRoot: null,
      remote: true,
    });
  });

  test("of several entries for a folder the workspace decides; the rest are witnesses", () => {
    const entries = [
      entry("a", { name: "prod", workspace: "prod" }),
      entry("a", { name: "dev", workspace: "dev" }),
    ];
    const { stacks, others } = plan({ "a/main.tf": REMOTE }, entries, asked({ workspace: "dev" }));
    expect(stacks.map(({ name }) => name)).toEqual(["dev"]);
    expect(others.map(({ name }) => name)).toEqual(["prod"]);
  });

  describe("of several entries for a folder", () => {
    const staging = entry("a", {
      name: "staging",
      environment: "staging",
      varFiles: ["a/common.tfvars", "a/staging.tfvars"],
      state: "a/staging.tfstate",
    });
    const prod = entry("a", {
      name: "prod",
      environment: "production",
      varFiles: ["a/common.tfvars", "a/prod.tfvars"],
      state: "a/prod.tfstate",
    });
    const file = (name: string) => ({ kind: "file", path: `a/${name}.tfvars` }) as const;
    const state = (name: string) => ({ file: `/x/a/${name}.tfstate`, inRoot: `a/${name}.tfstate` });
    const files = { "a/main.tf": REMOTE };

    test.each<[string, Entries, Partial<AskedStack>, readonly string[]]>([
      ["by variable file", [staging, prod], { settings: [file("prod")] }, ["prod production", "staging"]],
      ["by state", [staging, prod], { state: state("prod") }, ["prod production", "staging"]],
      [
        "by variable file, with a copy of the state",
        [staging, prod],
        { settings: [file("prod")], state: state("pulled") },
        ["prod production", "staging"],
      ],
      [
        "none for a third environment",
        [staging, prod],
        { settings: [file("dev")], state: state("dev") },
        ["a null", "staging", "prod"],
      ],
      [
        "none where the only one is another's",
        [staging],
        { settings: [file("prod")] },
        ["a null", "staging"],
      ],
      ["none with another state", [staging], { state: state("prod") }, ["a null", "staging"]],
      ["none of another workspace", [staging], { workspace: "blue" }, ["a null", "staging"]],
      [
        "the only one, with a state from elsewhere",
        [prod],
        { state: { file: "/y", inRoot: null } },
        ["prod production"],
      ],
      [
        "none that fits as well as another",
        [staging, prod],
        { settings: [file("common")] },
        ["a null", "staging", "prod"],
      ],
    ])("%s", (_what, entries, only, expected) => {
      const { stacks, others } = plan(files, entries, asked(only));
      const taken = stacks.map(({ name, environment }) => `${name} ${environment}`);
      expect([...taken, ...others.map(({ name }) => name)]).toEqual(expected);
    });

    test("its variable files are read in its order, once, and others behind them", () => {
      const only = asked({ settings: [file("more"), file("prod"), file("common")] });
      const { stacks } = plan(files, [staging, prod], only);
      expect(stacks[0]?.varFiles).toEqual(["a/common.tfvars", "a/prod.tfvars", "a/more.tfvars"]);
    });

    test("two that fit alike are named", () => {
      const { diagnostics } = plan(files, [staging, prod], asked({ settings: [file("common")] }));
      expect(diagnostics.map(({ message }) => message)).toEqual([
        ".github/driftwright.yml lists a as staging, prod, and what is asked for fits both, so that the settings of none are taken; say which one by --workspace, by a --var-file of it or by its --state",
      ]);
    });
  });

  test.each<[string, Files, unknown]>([
    [
      "a state in the folder",
      { "a/main.tf": LOCAL, "a/terraform.tfstate": STATE },
      { kind: "snapshot", file: "a/terraform.tfstate" },
    ],
    ["a backend elsewhere", { "a/main.tf": REMOTE }, { kind: "elsewhere", backend: "gcs" }],
    ["nothing", { "a/main.tf": LOCAL }, { kind: "none" }],
  ])("the state: %s", (_what, files, state) => {
    expect(plan(files).stacks[0]?.state).toEqual(state);
  });
});
