import { code, joined, md } from "../reports/markdown.ts";

// What the App says to people who close or reopen something of it. Nothing in it comes from a repository, a state or a
// cloud, but for names of policies.

export const LEFT_ALONE =
  "This was closed without merging, so this drift is not adopted while it lasts: an issue has the plan to undo the " +
  "change. The branch is deleted unless somebody else has committed to it. Comment `/drift adopt` to bring this back, or " +
  "`/drift ignore` to hear no more of the drift for a while; a rule in `.github/driftwright.yml` decides for good.";

export const ISSUE_DONE =
  "This was closed as completed. The next scan looks whether the drift is gone, and opens this again where it is not. To " +
  "hear no more of it for a while, comment `/drift ignore` or close it as not planned.";

/** How an issue is closed that nobody is to do anything about. */
export type Declined = "not-planned" | "duplicate";

const DECLINED_AS: Readonly<Record<Declined, string>> = {
  "not-planned": "not planned",
  duplicate: "a duplicate, which counts as not planned",
};

/**
 * Said to who closes an issue so and may not decide that.
 * @param isElsewhere the issue tells of another repository
 */
export function notTheirsText(as: Declined, isElsewhere: boolean): string {
  const both = isElsewhere ? " and to the one that it tells of" : "";
  return (
    `This was closed as ${DECLINED_AS[as]}, and only who may write to this repository${both} can decide that, and, where access is opened, ` +
    "an owner of the code. So the drift is not ignored, and this opens again if the next scan still finds it."
  );
}

/**
 * @param until `YYYY-MM-DD`
 * @param count of the drifts that are ignored
 * @param isAll no command decides about others of them
 * @param policies of the organization that decide about the others
 */
export function ignoredText(
  as: Declined,
  until: string,
  {
    valuesAlone,
    count,
    isAll,
    policies,
  }: {
    readonly valuesAlone: boolean;
    readonly count: number;
    readonly isAll: boolean;
    readonly policies: readonly string[];
  },
): string {
  const values = valuesAlone
    ? count <= 1
      ? ", unless its values change"
      : ", unless the values of what opens access or is sensitive change"
    : "";
  const isPart = !isAll || policies.length > 0;
  const which = isPart ? `${count} of the drifts` : `all ${count} drifts`;
  const what = count <= 1 && !isPart ? "this drift" : `${which} that this tells of`;
  const others =
    policies.length > 0 ? ` About the others ${byPolicies(policies)}, so this opens again for them.` : "";
  return (
    `This was closed as ${DECLINED_AS[as]}, so Driftwright ignores ${what} until the end of ${until} (UTC)${values}.${others} Should ${count <= 1 ? "it" : "they"} ` +
    "be there afterwards, this opens again. `/drift ignore until DATE because …` gives another day and a reason; to " +
    "reopen it ends this at once."
  );
}

/** Said to who closes an issue so about which the organization decides. */
export function keptOpenText(as: Declined, policies: readonly string[]): string {
  return (
    `This was closed as ${DECLINED_AS[as]}, and ${byPolicies(policies)}, so the drift is not ignored and this is open again. As long ` +
    "as that holds, no command and no closing has it ignored: if it was on purpose, change the code in a reviewed pull " +
    "request, or talk to those who keep the policy."
  );
}

/** Said to who closes a pull request without merging it and may not decide that. */
export const KEPT_OPEN_PULL_REQUEST =
  "This was closed without merging, and only who may write to this repository can decide that it is not adopted, so it is " +
  "open again. They close it, or comment `/drift revert`.";

/**
 * Said to who closes a pull request without merging it that the organization wants.
 * @param isAll whether it decides about all that this is about
 */
export function leftByPolicyText(policies: readonly string[], isAll: boolean): string {
  const what = isAll
    ? `this drift stays as it is while it lasts. There is no issue with a plan to undo it, since ${byPolicies(policies)}`
    : `this drift is not adopted while it lasts: an issue has the plan to undo it, but for what ${byPolicies(policies)} about`;
  return (
    `This was closed without merging, so ${what}. The branch is deleted unless somebody else has committed to it. Comment ` +
    "`/drift adopt` to bring this back."
  );
}

/** `the policy X of the organization decides` */
function byPolicies(names: readonly string[]): string {
  const named = names.slice(0, MOST_POLICIES).map((name) => code(name, 120));
  return named.length === 1
    ? md`the policy ${joined(named, ", ")} of the organization decides`
    : md`the policies ${joined(named, ", ")} of the organization decide`;
}

const MOST_POLICIES = 5;

/**
 * Said where a person opens something again that was closed because of what somebody decided.
 * @param hasEnded false: that holds on, since it is not theirs to end
 */
export function reopenedText(kind: keyof typeof REOPENED, hasEnded: boolean): string {
  return hasEnded ? REOPENED[kind] : REOPENED_BY_OTHERS;
}

const REOPENED_BY_OTHERS =
  "This was opened again, and only who may write to this repository can end what was decided about it. That holds on, so " +
  "this closes again.";

const REOPENED = {
  issue:
    "This was opened again, so what people said before to have ignored what it tells of has ended. Rules count as before.",
  "pull-request":
    "This was opened again, so what people said before against adopting this has ended. The next scan looks whether the " +
    "rules, or somebody, want it adopted; `/drift adopt` says so.",
} as const;

export const SUMMARY_LEFT_ALONE =
  "This was closed by hand, so Driftwright says no more of what it tells of. New drift gets issues and pull requests of " +
  "its own. Reopen the issue to have it kept up to date.";

export const DASHBOARD_LEFT_ALONE =
  "This was closed by hand, so there is no dashboard any more. New drift gets issues and pull requests of its own. Reopen " +
  "the issue to have it back, or say `dashboard: false` in `.github/driftwright.yml` for good.";
