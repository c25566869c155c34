import type { Block } from "../../hcl/syntax/syntax.ts";
import { repeatedImports } from "./address-rules.ts";
import { wrongInBlock } from "./block-problems.ts";
import { wrongDependsOn } from "./depends-on-rules.ts";
import { ephemeralOutput } from "./flag-rules.ts";
import { undeclaredTriggers } from "./lifecycle-rules.ts";
import type { Module } from "./module.ts";
import { repeatedProviders, wrongBackend, wrongRepetitions } from "./terraform-rules.ts";
import type { Wrong } from "./wrong.ts";

/** What Terraform refuses of a module, without a look at values or at other modules. */
export function wrongInModule(module: Module): Wrong[] {
  const { variables, outputs, resources, calls, providers, moved, removed, imports, checks, settings } =
    module;
  const waiting = [...outputs.values(), ...resources.values(), ...calls.values()];
  const blocks = [
    ...variables.values(),
    ...waiting,
    ...providers,
    ...moved,
    ...removed,
    ...imports,
    ...checks,
    ...settings.map(({ block }) => block),
  ];
  return [
    ...blocks.flatMap(wrongInBlock),
    ...waiting.flatMap(({ body }) => wrongDependsOn(body, module)),
    ...[...resources.values()].flatMap((block) => undeclaredTriggers(block, resources)),
    ...repeatedImports(imports),
    ...repeatedNames(checks, "check"),
    ...repeatedProviders(providers),
    ...wrongRepetitions(settings.filter(({ overrides }) => !overrides).map(({ block }) => block)),
  ];
}

function repeatedNames(blocks: readonly Block[], what: string): Wrong[] {
  const known = new Set<string>();
  return blocks.flatMap(({ labels: [name] }): Wrong[] => {
    if (name === undefined) return [];
    if (known.has(name.value)) {
      return [
        {
          message: `there is a ${what} ${JSON.stringify(name.value)} already; rename one of them`,
          range: name,
        },
      ];
    }
    known.add(name.value);
    return [];
  });
}

/** What only a root module cannot have. */
export function wrongInRoot({ settings, outputs }: Module): Wrong[] {
  const inner = settings.flatMap(({ block }) => block.body.items.filter((item) => item.kind === "block"));
  return [
    ...inner.filter(({ type }) => type === "backend" || type === "cloud").flatMap(wrongBackend),
    ...[...outputs.values()].flatMap(ephemeralOutput),
  ];
}
