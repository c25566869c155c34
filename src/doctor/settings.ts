import type { ReviewedEnvironment } from "../config/environment.ts";
import { VARIABLES } from "../config/usage.ts";
import { type Check, outcomesOf } from "./check.ts";
import { partedAt } from "./failure.ts";

const HOW = "Set it in the environment, or in the file .env of the folder that Driftwright starts in";

/** Variables without which there is no App, each with those that may stand in its place. */
const OF_THE_APP = [["APP_ID"], ["PRIVATE_KEY", "PRIVATE_KEY_PATH"], ["WEBHOOK_SECRET"]] as const;

/**
 * What is missing or wrong in the environment, each a check of its own.
 * @param variables as they are
 */
export function checkSettings(
  { environment, problems }: ReviewedEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Check[] {
  const isSet = (name: string) => (variables[name] ?? "").trim() !== "";
  const { role, access } = environment;
  const needed = OF_THE_APP.filter(([name]) => role !== "worker" || name !== "WEBHOOK_SECRET");
  const missing = needed.filter((names) => !names.some(isSet));
  const names = new Set<string>(missing.flat());
  const settings = outcomesOf("settings");
  const failed = [
    ...missing.map((either) =>
      settings.failed(`${either.join(" or ")} is not set: ${VARIABLES.get(either[0])}`, HOW),
    ),
    ...problems.filter((problem) => !isAbout(problem, names)).map((problem) => failedBy(problem)),
  ];
  const isUnused = needed.length === missing.length;
  return [
    ...failed,
    ...(isUnused ? [settings.warning("there is no App yet", SET_UP)] : []),
    ...(access === null && !isSet("ACCESS_FILE") ? [settings.warning(NOTHING_ALLOWED, ALLOW)] : []),
    ...(failed.length === 0 ? [settings.ok("all variables can be used")] : []),
  ];
}

const SET_UP = "Start Driftwright without these variables (`npm start`): it serves a page that registers one";
const NOTHING_ALLOWED = "ACCESS_FILE is not set, so no repository may use a cloud account or a state in S3";
const ALLOW = "Write down which repositories may use what: see docs/operations.md";

/** That a variable is not set is said already, with what it means. */
function isAbout(problem: string, missing: ReadonlySet<string>): boolean {
  const name = /^([A-Z_]+) is not set\b/.exec(problem)?.[1];
  return name !== undefined && missing.has(name);
}

/** `PORT cannot be used: set a number …` */
function failedBy(problem: string): Check {
  const { message, next } = partedAt(/^(.*?): ([\s\S]+)$/, problem, HOW);
  return outcomesOf("settings").failed(message, next);
}
