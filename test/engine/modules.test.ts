import { describe, expect, it } from "vitest";
import { type ModuleFetcher, startEngine } from "../../src/engine/engine.ts";
import type { WantedModule } from "../../src/engine/protocol.ts";
import type { FetchedModule } from "../../src/terraform/code/installed-modules.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { openOne } from "./engines.ts";

const LEAF = 'variable "x" {\n  default = "unset"\n}\nresource "terraform_data" "it" {\n  input = var.x\n}\n';
const call = (name: string, source: string, more = "") =>
  `module "${name}" {\n  source = "${source}"\n${more}}\n`;
const LIMITS = { memoryMegabytes: 512, timeoutMilliseconds: 20_000 };
const at = (folder: string): FetchedModule => ({
  folder: `.terraform/modules/${folder}`,
  package: `.terraform/modules/${folder}`,
  why: null,
});
const missing = (why: string): FetchedModule => ({ folder: null, package: null, why });

/** Opens the root with who fetches modules; gives what its instances say, what is wrong, and what was asked for. */
async function opened(
  files: Readonly<Record<string, string>>,
  answer: (wanted: WantedModule) => FetchedModule | Promise<FetchedModule>,
  limits = LIMITS,
) {
  const asked: WantedModule[] = [];
  const fetcher: ModuleFetcher = {
    fetch: async (wanted) => {
      asked.push(wanted);
      return answer(wanted);
    },
  };
  const engine = startEngine(memorySnapshot(files), limits, fetcher);
  try {
    const { instances, diagnostics } = await openOne(engine);
    return {
      inputs: Object.fromEntries(instances.map(({ address, desired }) => [address, desired?.["input"]])),
      messages: diagnostics.map(({ severity, message }) => `${severity}: ${message}`),
      asked,
    };
  } finally {
    engine.close();
  }
}

describe("modules from elsewhere, in the engine process", () => {
  it("are asked for by source and version, each once, those that are known at once together", async () => {
    const main = [
      call("a", "corp/a/aws", '  version = "~> 1.0"\n  x = "of a"\n'),
      call("b", "corp/b/aws"),
      call("again", "corp/b/aws"),
    ].join("");
    const files = {
      "main.tf": main,
      ".terraform/modules/a/main.tf": LEAF + call("deep", "git::https://example.org/deep"),
      ".terraform/modules/b/main.tf": LEAF,
      ".terraform/modules/deep/main.tf": LEAF,
    };
    const { inputs, messages, asked } = await opened(files, ({ source }) =>
      at(/deep|corp\/(.)/.exec(source)?.[1] ?? "deep"),
    );
    expect(messages).toEqual([]);
    expect(inputs).toEqual({
      "module.a.module.deep.terraform_data.it": "unset",
      "module.a.terraform_data.it": "of a",
      "module.again.terraform_data.it": "unset",
      "module.b.terraform_data.it": "unset",
    });
    expect(asked).toEqual([
      { source: "corp/a/aws", version: "~> 1.0" },
      { source: "corp/b/aws", version: null },
      { source: "git::https://example.org/deep", version: null },
    ]);
  });

  it("that cannot be had are said with the reason", async () => {
    const { messages, asked } = await opened({ "main.tf": call("a", "corp/a/aws") + LEAF }, () =>
      missing("the registry is ill"),
    );
    expect(messages).toEqual([
      'warning: module "a": its source could not be fetched: the registry is ill; its resources are left to the state',
    ]);
    expect(asked).toHaveLength(1);
  });

  it("have time of their own", async () => {
    const limits = { ...LIMITS, timeoutMilliseconds: 10_000 };
    const files = { "main.tf": call("a", "corp/a/aws"), ".terraform/modules/a/main.tf": LEAF };
    const { inputs } = await opened(
      files,
      () => new Promise((resolve) => setTimeout(() => resolve(at("a")), 10_500)),
      limits,
    );
    expect(inputs).toEqual({ "module.a.terraform_data.it": "unset" });
  });

  it("that call themselves have an end", async () => {
    const files = {
      "main.tf": call("a", "corp/a/aws"),
      ".terraform/modules/a/main.tf": LEAF + call("a", "corp/a/aws"),
    };
    const { inputs, asked } = await opened(files, () => at("a"));
    expect(inputs["module.a.terraform_data.it"]).toBe("unset");
    expect(asked).toHaveLength(1);
  });

  it("may not lead out of their package, as Terraform has it", async () => {
    const files = {
      "main.tf": call("a", "corp/a/aws"),
      "own/main.tf": LEAF,
      ".terraform/modules/a/main.tf": call("out", "../../../own") + call("in", "./in"),
      ".terraform/modules/a/in/main.tf": LEAF,
    };
    const { inputs, messages } = await opened(files, () => at("a"));
    expect(inputs).toEqual({ "module.a.module.in.terraform_data.it": "unset" });
    expect(messages).toEqual([
      'error: module "out": ../../../own leads out of the package that the module comes in',
    ]);
  });
});
