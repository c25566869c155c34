import { terraform, terraformEnvironment } from "../test/terraform-binary/terraform.ts";
import { type Cost, run } from "./processes.ts";

/** `terraform init`, once for a folder. */
export function initialise(folder: string): void {
  terraform(folder, ["init", "-input=false"]);
}

/** Plans a stack that has no state yet, as a person would; what it prints is for people, too. */
export async function plan(folder: string, limitMilliseconds: number): Promise<Cost> {
  const args = ["plan", "-refresh=false", "-input=false", "-no-color"];
  return run({ program: "terraform", args, folder, environment: terraformEnvironment(), limitMilliseconds });
}

/** How many instances a plan would add; null where it does not say. */
export function plannedInstances(printed: string): number | null {
  const found = /^Plan: (\d+) to add,/m.exec(printed)?.[1];
  return found === undefined ? null : Number(found);
}

/** What a plan says, as JSON. */
export function planDocument(folder: string): string {
  terraform(folder, ["plan", "-refresh=false", "-input=false", "-out=plan.bin"]);
  return terraform(folder, ["show", "-json", "plan.bin"]);
}
