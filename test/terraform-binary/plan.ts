import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plannedAnswers, plannedIds, plannedImports } from "./answers.ts";
import { ROOTS_FOLDER, type Root, type RootAnswers } from "./roots.ts";
import { terraform } from "./terraform.ts";

/** Plans a copy of a root with the `terraform` on PATH; `use` gets what the plan says, the state and the copy's folder. */
export function withPlan(
  root: Root,
  use: (planned: RootAnswers, state: string | null, place: string) => void,
): void {
  withCopy(root, (place) => {
    const state = stateOf(root, place);
    const plan = planOf(root, place);
    const ids = root.applied === undefined ? {} : plannedIds(plan);
    use({ answers: plannedAnswers(plan), imports: plannedImports(plan), ids }, state, place);
  });
}

/** Gives a copy of a root's folder, for as long as `use` runs. */
export function withCopy({ name }: Root, use: (place: string) => void): void {
  const place = mkdtempSync(join(tmpdir(), "roots-"));
  try {
    cpSync(join(ROOTS_FOLDER, name), place, { recursive: true });
    use(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** The state that a copy of a root is planned with: what applying the code that is meant for it leaves. */
export function stateOf(root: Root, place: string): string | null {
  const { folder = ".", applied } = root;
  if (applied === undefined) return null;
  const { given, environment } = argumentsOf(root);
  terraform(join(place, applied), ["init"], environment);
  terraform(join(place, applied), ["apply", "-auto-approve", ...given], environment);
  const file = join(place, applied, "terraform.tfstate");
  if (applied !== folder) cpSync(file, join(place, folder, "terraform.tfstate"));
  return readFileSync(file, "utf8");
}

/** The plan of a copy of a root as it is by now, as JSON. */
export function planOf(root: Root, place: string): string {
  const folder = join(place, root.folder ?? ".");
  const { given, environment } = argumentsOf(root);
  terraform(folder, ["init"], environment);
  terraform(folder, ["plan", "-out=plan.bin", ...given], environment);
  return terraform(folder, ["show", "-json", "plan.bin"], environment);
}

function argumentsOf({ settings = [], workspace = "default" }: Root): {
  given: readonly string[];
  environment: Record<string, string>;
} {
  const given = settings.flatMap((setting) => {
    if (setting.kind === "environment") return [];
    return setting.kind === "file" ? `-var-file=${setting.path}` : `-var=${setting.name}=${setting.text}`;
  });
  const variables = settings.flatMap((setting) =>
    setting.kind === "environment" ? [[`TF_VAR_${setting.name}`, setting.text]] : [],
  );
  return { given, environment: { TF_WORKSPACE: workspace, ...Object.fromEntries(variables) } };
}
