import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Effect } from "../../src/drift/model.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import type { ProvenEdit } from "../../src/reconcile/proven-edit.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { MASK } from "../../src/terraform/evaluation/value-json.ts";
import { another, leavesOf } from "./leaves.ts";
import { planOf, stateOf, withCopy } from "./plan.ts";
import {
  atFormerAddresses,
  effectDifferences,
  planDifferences,
  plannedInstances,
} from "./planned-instances.ts";
import { ROOTS, type Root, stackOf } from "./roots.ts";
import { terraformVersion } from "./terraform.ts";

const version = terraformVersion();
if (version === null) console.log("terraform was not found: no edit was compared with its plans.");
else console.log(`plans before and after edits compared with those of terraform ${version}`);

/**
 * Its computed output, known from the state, decides how many others there are. Terraform takes that as unknown once
 * the input changes, and refuses the plan; what an edit makes unknown, only a provider can say.
 */
const DECIDES_KEYS = new Set(["terraform_data.seed"]);

/** How many values of each root are given another one. */
const EDITS = 3;

/** They have outputs alone. */
const WITHOUT_RESOURCES = new Set(["json-variables"]);
const EDITED = ROOTS.filter(({ name }) => !WITHOUT_RESOURCES.has(name));

describe.skipIf(version === null)("plans before and after differ in what an edit is said to change", () => {
  test.each(EDITED.map((root) => [root.name, root] as const))("%s", (_, root) => {
    withCopy(root, (place) => {
      const state = stateOf(root, place);
      const { repository, edits } = editsOf(root, place, state);
      expect(edits).not.toEqual([]);
      const before = plannedInstances(planOf(root, place));
      for (const edit of edits) {
        write(place, edit.texts);
        const after = atFormerAddresses(plannedInstances(planOf(root, place)), edit.effects);
        expect(planDifferences(before, after)).toEqual(effectDifferences(edit.effects));
        write(place, textsBefore(repository, edit));
      }
    });
  });
});

/** Edits that change one value each. Which ones is left to a hash, so that it is the same ones every time. */
function editsOf(
  root: Root,
  place: string,
  state: string | null,
): { readonly repository: Repository; readonly edits: readonly ProvenEdit[] } {
  const { files, evaluation } = stackOf(root, place, state);
  const repository: Repository = {
    files,
    stacks: [{ name: root.name, evaluation }],
    evaluate: (sources, inputs) => evaluateStack(sources, inputs, FUNCTIONS),
  };
  const leaves = [...evaluation.instances.values()].flatMap(leavesOf);
  const edits: ProvenEdit[] = [];
  for (const { instance, path, value } of leaves.toSorted((a, b) => compare(a.order, b.order))) {
    if (edits.length === EDITS) break;
    const goal = {
      stack: root.name,
      address: instance.name,
      changes: [{ path, wanted: { value: another(value) } }],
    };
    const [best] = findAdoptions(repository, goal, 1).proven;
    if (best?.effects.every(isInPlan) === true) edits.push(best);
  }
  return { repository, edits };
}

/** Whether a plan shows an effect as it is told: not masked, and not of a data source, which may not exist like that. */
function isInPlan({ address, after }: Effect): boolean {
  return after !== MASK && !/(?:^|\.)data\./.test(address) && !DECIDES_KEYS.has(address);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function textsBefore({ files }: Repository, { texts }: ProvenEdit): ReadonlyMap<string, string> {
  return new Map([...texts.keys()].map((path) => [path, files.get(path)?.file.text ?? ""]));
}

function write(place: string, texts: ReadonlyMap<string, string>): void {
  for (const [path, text] of texts) writeFileSync(join(place, path), text);
}
