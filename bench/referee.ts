import { isDeepStrictEqual } from "node:util";
import { FUNCTIONS } from "../src/hcl/functions/index.ts";
import { evaluateStack } from "../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../src/terraform/source/snapshot.ts";
import { evaluatedAnswers, plannedAnswers } from "../test/terraform-binary/answers.ts";
import type { GeneratedStack } from "./stacks.ts";

/** The arguments and outputs for which a plan of a stack and its evaluation do not say the same, and how many there are. */
export function compareWithPlan(
  { files }: GeneratedStack,
  plan: string,
): { readonly compared: number; readonly different: readonly string[] } {
  const inputs = { root: ".", settings: [], workspace: "default", state: null };
  const evaluation = evaluateStack(new ParsedFiles(memorySnapshot(files)), inputs, FUNCTIONS);
  const [planned, evaluated] = [plannedAnswers(plan), evaluatedAnswers(evaluation)];
  const names = [...new Set([...Object.keys(planned), ...Object.keys(evaluated)])];
  const different = names.filter((name) => !isDeepStrictEqual(planned[name], evaluated[name]));
  return { compared: names.length, different };
}
