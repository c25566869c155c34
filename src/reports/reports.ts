import type { JudgedFinding, StackResult } from "../drift/model.ts";
import { type Affected, type CheckRunContext, PLAIN_CHANGE } from "./affected.ts";
import { type Allowance, BODY_BUDGET, byteLength, type Fitted, fitBody, renderAll } from "./budget.ts";
import { type Annotation, annotations } from "./check-annotations.ts";
import { checkRunConclusion } from "./check-conclusion.ts";
import { checkRunTextView, checkRunTitle, checkRunView, inOrder } from "./check-run.ts";
import { beginning, continuations, SCAN_HAS_ALL } from "./continuations.ts";
import { type Dashboard, dashboardView } from "./dashboard.ts";
import { issueView } from "./issue.ts";
import type { IssueContents, IssueFinding } from "./issue-group.ts";
import { code, type Markdown, md } from "./markdown.ts";
import { maskContext, maskFinding, maskStacks, maskTogether, type StackContext } from "./masked.ts";
import { type Onboarding, onboardingView } from "./onboarding.ts";
import { type Findings, pullRequestView, type StackedFinding, stacksOf } from "./pull-request.ts";
import { Redaction } from "./redaction.ts";
import { type NotScanned, summaryView } from "./summary.ts";
import { Templates } from "./templates.ts";
import {
  DASHBOARD_TITLE,
  issueGroupTitle,
  ONBOARDING_TITLE,
  pullRequestTitle,
  summaryTitle,
} from "./titles.ts";

/** A title (plain text, one line) with a Markdown body; `overflow` is the complete body where it had to be shortened. */
export interface Document extends Fitted {
  readonly title: string;
  /** The complete body in parts that fit into comments, where it had to be shortened; of a very long one the first ten. */
  readonly continuations: readonly string[];
}

/** A check run's output; `summary` and `text` are Markdown. */
export interface CheckRun {
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly conclusion: "success" | "neutral" | "failure";
  readonly overflow: string | null;
}

export interface ReportOptions {
  /** Knows the secrets that no report may print. */
  readonly redaction?: Redaction;
  /** The file that gets the overflow, as a reader finds it; null: comments get it, and of check runs nothing does. */
  readonly overflowFile?: string | null;
  /** Bytes of a body; default 58,000. */
  readonly budget?: number;
}

const MORE_IS_BELOW = md`the comments below have more, and ${SCAN_HAS_ALL}`;
const SCAN_LISTS_ALL = md`\`driftwright scan\` lists all`;

/** Renders the documents that people read on GitHub. No value of a finding can act in them as Markdown or HTML. */
export class Reports {
  readonly #templates = new Templates();
  readonly #redaction: Redaction;
  readonly #rest: Markdown;
  readonly #hasFile: boolean;
  readonly #checkRunRest: Markdown;
  readonly #budget: number;

  constructor(options: ReportOptions = {}) {
    const { redaction = new Redaction(), overflowFile = null, budget = BODY_BUDGET } = options;
    this.#redaction = redaction;
    const file = overflowFile === null ? null : md`${code(overflowFile)} has all`;
    this.#hasFile = file !== null;
    this.#rest = file ?? md`the comments below have all`;
    this.#checkRunRest = file ?? md`the issues and pull requests of Driftwright tell of all drift`;
    this.#budget = budget;
  }

  /**
   * The pull request that adopts findings whose adoptions are the same edit.
   * @param name the fingerprint that it was opened for
   */
  pullRequest(findings: Findings, name = findings[0].finding.fingerprint): Document {
    const mask = ({ finding, stack }: StackedFinding) => {
      return { finding: this.#mask(finding), stack: maskContext(stack, this.#redaction) };
    };
    const [first, ...others] = findings;
    const masked: Findings = [mask(first), ...others.map(mask)];
    const [one, ...more] = masked.map(({ finding }) => finding);
    const stacks = stacksOf(masked).map((stack) => stack.name);
    return this.#document(pullRequestTitle([one ?? masked[0].finding, ...more], stacks), (allowance, rest) =>
      this.#templates.render("pull-request", pullRequestView(masked, name, allowance, rest)),
    );
  }

  /** The issue about a finding, with the plan to revert it. */
  issue(finding: JudgedFinding, stack: StackContext): Document {
    // Of one alone it is not said since when.
    const findings = [{ finding, stack, firstSeenAt: new Date(0) }] as const;
    return this.issueOf({ findings, grouping: "drift", name: null, left: [] });
  }

  /** The issue about one finding or about several that have something in common. */
  issueOf({ findings, grouping, name, left, ...rest }: IssueContents): Document {
    const told = [...findings, ...left].map(({ finding }) => finding);
    const clean = maskTogether(told, this.#redaction);
    const mask = (one: IssueFinding): IssueFinding => ({
      finding: clean(one.finding),
      stack: maskContext(one.stack, this.#redaction),
      firstSeenAt: one.firstSeenAt,
    });
    const [first, ...others] = findings;
    const masked = {
      findings: [mask(first), ...others.map(mask)],
      grouping,
      name,
      left: left.map((one) => ({ ...one, finding: clean(one.finding) })),
      ...rest,
    } as const satisfies IssueContents;
    return this.#document(issueGroupTitle(masked), (allowance, place) =>
      this.#templates.render("issue", issueView(masked, allowance, place)),
    );
  }

  /** The check run on a change of the code: which of what it touches has drifted. */
  checkRun(affected: readonly Affected[], context: CheckRunContext = PLAIN_CHANGE): CheckRun {
    const masked = inOrder(
      affected.map((one) => ({
        ...one,
        finding: this.#mask(one.finding),
        stack: maskContext(one.stack, this.#redaction),
      })),
    );
    const rest = this.#checkRunRest;
    const summary = this.#within(
      (allowance) =>
        this.#templates.render("check-run", {
          text: null,
          summary: checkRunView(masked, context, allowance, rest),
        }),
      rest,
    );
    const text = this.#within(
      (allowance) =>
        this.#templates.render("check-run", {
          summary: null,
          text: checkRunTextView(masked, allowance, rest),
        }),
      rest,
    );
    return {
      title: checkRunTitle(masked, context),
      summary: summary.body,
      text: text.body,
      annotations: annotations(masked),
      conclusion: checkRunConclusion(masked, context),
      overflow: summary.overflow === null && text.overflow === null ? null : (text.overflow ?? text.body),
    };
  }

  /** Everything found in a repository. */
  summary(stacks: readonly StackResult[], notScanned: readonly NotScanned[] = []): Document {
    const masked = maskStacks(stacks, this.#redaction);
    return this.#document(summaryTitle(masked, "Drift found by the first scan"), (allowance, rest) =>
      this.#templates.render("summary", summaryView(masked, notScanned, allowance, rest)),
    );
  }

  /** How everything in a repository stands. What there is no room for is counted. */
  dashboard(dashboard: Dashboard): Document {
    const stacks = dashboard.stacks.map(({ stack, ...rest }) => {
      const [masked = stack] = maskStacks([stack], this.#redaction);
      return { ...rest, stack: masked };
    });
    const findings = dashboard.findings.map((one) => ({ ...one, finding: this.#mask(one.finding) }));
    const masked = { ...dashboard, stacks, findings };
    const { body } = this.#within(
      (allowance) => this.#templates.render("dashboard", dashboardView(masked, allowance)),
      SCAN_LISTS_ALL,
    );
    return { title: DASHBOARD_TITLE, body, overflow: null, continuations: [] };
  }

  /** The pull request that proposes a configuration. What it has no room for is left out: the file has the stacks. */
  onboarding(facts: Onboarding): Document {
    const stacks = maskStacks(facts.stacks, this.#redaction);
    const { body } = this.#within(
      (allowance) => this.#templates.render("onboarding", onboardingView({ ...facts, stacks }, allowance)),
      SCAN_LISTS_ALL,
    );
    return { title: ONBOARDING_TITLE, body, overflow: null, continuations: [] };
  }

  #document(title: string, render: (allowance: Allowance, rest: Markdown) => string): Document {
    const withRest = (rest: Markdown) => (allowance: Allowance) => render(allowance, rest);
    const fitted = (rest: Markdown) => ({ title, ...this.#within(withRest(rest), rest) });
    if (this.#hasFile) return { ...fitted(this.#rest), continuations: [] };
    const complete = this.#redaction.clean(renderAll(withRest(this.#rest)));
    if (byteLength(complete) <= this.#budget) {
      return { title, body: complete, overflow: null, continuations: [] };
    }
    const inPart = (allowance: Allowance) => this.#redaction.clean(render(allowance, SCAN_HAS_ALL));
    const { comments, isAll } = continuations(complete, inPart, this.#budget);
    return { ...fitted(isAll ? this.#rest : MORE_IS_BELOW), continuations: comments };
  }

  #mask(finding: JudgedFinding): JudgedFinding {
    return maskFinding(finding, this.#redaction);
  }

  #within(render: (allowance: Allowance) => string, rest = this.#rest): Fitted {
    const fitted = fitBody((allowance) => this.#redaction.clean(render(allowance)), this.#budget);
    if (byteLength(fitted.body) <= this.#budget) return fitted;
    return { ...fitted, body: beginning(fitted.body, this.#budget, rest) };
  }
}
