import type { JudgedFinding, RefusedIntent } from "../drift/model.ts";
import { cannotDecide, ruleRefusals } from "../intent/decidable.ts";
import { type DecidingPolicy, decidingPolicy } from "../intent/policy.ts";
import { code, fence, joined, type Markdown, md, NOTHING, text } from "./markdown.ts";
import type { StackContext } from "./masked.ts";
import { ruleSnippet } from "./rule-snippet.ts";
import { decider } from "./views.ts";

/** How a drift is kept that was on purpose. */
export type Keeping = {
  readonly how: Markdown;
  /** The rule that would decide so; null where no rule may, or none would come to a pull request. */
  readonly rule: Markdown | null;
  /** Said in place of that, and of how it is ignored: no command and no rule of the repository has an effect. */
  readonly policy: Markdown | null;
};

export interface Shown {
  /** What a person comments to adopt it. */
  readonly command: Markdown;
  /** A list of what else the edit changes stands above. */
  readonly listsOthers: boolean;
}

/** Promises a pull request only where one can be made, as far as is known of this finding alone. */
export function keepingOf(finding: JudgedFinding, stack: StackContext, shown: Shown): Keeping {
  const policy = decidingPolicy(finding);
  return policy === null
    ? { ...byPeople(finding, stack, shown), policy: null }
    : { how: NOTHING, rule: null, policy: policyMarkdown(policy) };
}

/** What remains to people where the organization decides. */
function policyMarkdown({ name }: DecidingPolicy): Markdown {
  return md`The policy ${code(name, 120)} of the organization decides about this. As long as it holds, no command, no closing of this issue and no rule of this repository changes that. If it was on purpose, change the code in a reviewed pull request, or talk to those who keep the policy.`;
}

function byPeople(finding: JudgedFinding, stack: StackContext, shown: Shown): Omit<Keeping, "policy"> {
  const { intent, adoption, widensAccess } = finding;
  const impossible = cannotDecide(finding, "adopt");
  if (impossible !== null) return { how: text(impossible), rule: null };
  if (adoption === null || adoption.verdict === "refused") return { how: BY_HAND, rule: null };
  if (intent.verdict === "adopt") return { how: IS_ADOPTED, rule: null };
  if (adoption.verdict === "shared") return { how: sharedHow(finding, shown), rule: null };
  const floor = ruleRefusals(finding, "adopt");
  if (intent.refused?.verdict === "adopt" && floor.length === 0) return { how: NOT_MADE, rule: null };
  if (floor.length > 0) {
    const who = widensAccess ? md` (where the file has code owners, one of them)` : md``;
    const why = joined(
      floor.map((reason) => text(reason)),
      " ",
    );
    const how = md`${why} If it was on purpose, comment ${shown.command}${who} for a pull request with this edit, or change the code in a reviewed pull request.`;
    return { how, rule: null };
  }
  return {
    how: md`If it was on purpose, comment ${shown.command} for a pull request with this edit, or let a rule in \`.github/driftwright.yml\` decide (the first that matches counts):`,
    rule: fence(ruleSnippet(finding, stack, "adopt"), "yaml"),
  };
}

const BY_HAND = md`If it was on purpose, change the code in a reviewed pull request.`;
const NOT_MADE = md`No pull request is made with this edit, for the reason above. ${BY_HAND}`;
const IS_ADOPTED = md`It is judged to be on purpose already, and Driftwright has no pull request with this edit: see to what is said above to stand against it, or change the code in a reviewed pull request of your own.`;

/** The engine adopts by a shared edit only what all who share it have drifted to (`why-shared.ts`). */
function sharedHow({ kind }: JudgedFinding, { listsOthers }: Shown): Markdown {
  const others = listsOthers
    ? md`other values, those under "What else changes with it" above`
    : md`other values`;
  const all =
    kind === "deleted"
      ? md`all of that was deleted outside the code as well and is adopted, or is not in the cloud`
      : md`all of that has drifted to the same value and is adopted as well, or is not in the cloud`;
  return md`This edit also changes ${others}. Driftwright makes a pull request with it only if ${all}; as long as that is not so, neither \`/drift adopt\` nor a rule brings one, and the answer is the reason. If this one alone was on purpose, change the code by hand in a reviewed pull request, so that it has a value of its own.`;
}

/** What somebody decided and cannot be done, as a sentence that its reasons follow; null where that is not so. */
export function refusedMarkdown(finding: JudgedFinding): Markdown | null {
  const { refused } = finding.intent;
  if (refused === undefined) return null;
  const why = isForPeople(finding, refused)
    ? md`only a person may decide so`
    : md`that cannot be done as it is`;
  return md`${decider(refused)} says ${text(refused.verdict)}, and ${why}`;
}

/** What is to happen to it then, as a sentence; null where nothing was refused. */
export function afterRefusal(finding: JudgedFinding): Markdown | null {
  const { refused } = finding.intent;
  if (refused === undefined) return null;
  return isForPeople(finding, refused) ? UNTIL_A_PERSON : UNTIL_OTHERWISE;
}

const UNTIL_A_PERSON = md`Until a person decides, this is treated as a change to revert.`;
const UNTIL_OTHERWISE = md`Until somebody decides otherwise, or changes the code by hand in a reviewed pull request, this is treated as a change to revert.`;

/** A rule may not decide so, and a person may. */
function isForPeople(finding: JudgedFinding, { verdict, decidedBy }: RefusedIntent): boolean {
  if (decidedBy.startsWith("@") || cannotDecide(finding, verdict) !== null) return false;
  return ruleRefusals(finding, verdict).length > 0;
}
