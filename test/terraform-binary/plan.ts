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
  const place = mkdtempSync(join(tmpdir(), "roots-"));
  try {
    cpSync(join(ROOTS_FOLDER, root.name), place, { recursive: true });
    const { plan, state } = planOf(root, place);
    const ids = root.applied === undefined ? {} : plannedIds(plan);
    use({ answers: plannedAnswers(plan), imports: plannedImports(plan), ids }, state, place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

function planOf(
  { folder = ".", settings = [], workspace = "default", applied }: Root,
  place: string,
): { plan: string; state: string | null } {
  const given = settings.flatMap((setting) => {
    if (setting.kind === "environment") return [];
    return setting.kind === "file" ? `-var-file=${setting.path}` : `-var=${setting.name}=${setting.text}`;
  });
  const environment = settings.flatMap((setting) =>
    setting.kind === "environment" ? [[`TF_VAR_${setting.name}`, setting.text]] : [],
  );
  const more = { TF_WORKSPACE: workspace, ...Object.fromEntries(environment) };
  const planned = join(place, folder);
  let state: string | null = null;
  if (applied !== undefined) {
    terraform(join(place, applied), ["init"], more);
    terraform(join(place, applied), ["apply", "-auto-approve", ...given], more);
    const file = join(place, applied, "terraform.tfstate");
    state = readFileSync(file, "utf8");
    if (applied !== folder) cpSync(file, join(planned, "terraform.tfstate"));
  }
  terraform(planned, ["init"], more);
  terraform(planned, ["plan", "-out=plan.bin", ...given], more);
  return { plan: terraform(planned, ["show", "-json", "plan.bin"], more), state };
}
