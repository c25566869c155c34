import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JudgedFinding, StackResult } from "../../../src/drift/model.ts";
import type { StackOverview } from "../../../src/engine/api.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { unifiedDiff } from "../../../src/reconcile/diff.ts";
import type { Affected } from "../../../src/reports/check-run.ts";
import { affected } from "../../../src/scan/affected.ts";
import { planScan } from "../../../src/scan/plan.ts";
import { readStates } from "../../../src/scan/states.ts";
import { touchedPlaces } from "../../../src/scan/touched-places.ts";
import type { Repository } from "./repository.ts";

/** Somebody lets the office call the api, in a checkout of their own; gives the diff. */
export async function letTheOfficeIn(folder: string): Promise<string> {
  const path = "environments/prod.tfvars";
  const before = await readFile(join(folder, path), "utf8");
  const after = before.replace('["10.20.0.0/16"]', '["10.20.0.0/16", "10.99.0.0/24"]');
  await writeFile(join(folder, path), after);
  return unifiedDiff(path, before, after);
}

/** Which of the drifts a change of the code touches: both sides are evaluated, with the same states. */
export async function affectedByChange(
  base: Repository,
  head: Repository,
  results: readonly StackResult[],
): Promise<Affected[]> {
  const before = await evaluated(base, async (_engine, overviews) => overviews);
  return evaluated(head, async (engine, overviews) => {
    const found: Affected[] = [];
    for (const stack of results) {
      const was = instancesOf(before, stack);
      const is = instancesOf(overviews, stack);
      const open = stack.findings.filter(({ intent }) => intent.verdict !== "ignore");
      for (const { finding, effect, touched } of affected<JudgedFinding>(was, is, open)) {
        const places = await touchedPlaces(engine, stack.name, finding.address, touched);
        found.push({ finding, stack, effect, places });
      }
    }
    return found;
  });
}

function instancesOf(overviews: readonly StackOverview[], stack: StackResult): StackOverview["instances"] {
  return overviews.find(({ name }) => name === stack.name)?.instances ?? [];
}

async function evaluated<T>(
  { asked, settings, ports }: Repository,
  use: (engine: Engine, overviews: readonly StackOverview[]) => Promise<T>,
): Promise<T> {
  const { stacks } = planScan(ports.snapshot, settings.config, asked);
  const { read } = await readStates(stacks, ports);
  const engine = ports.startEngine();
  try {
    return await use(engine, await engine.open(read.map(({ request }) => request)));
  } finally {
    engine.close();
  }
}
