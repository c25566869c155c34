import type { JudgedFinding, StackResult } from "../drift/model.ts";
import { type Allowance, BODY_BUDGET, type Fitted, fitBody } from "./budget.ts";
import {
  type Affected,
  type Annotation,
  annotations,
  checkRunConclusion,
  checkRunTextView,
  checkRunTitle,
  checkRunView,
} from "./check-run.ts";
import { issueView } from "./issue.ts";
import { code, type Markdown, md } from "./markdown.ts";
import { maskContext, maskFinding, maskStacks, type StackContext } from "./masked.ts";
import { type Findings, pullRequestView } from "./pull-request.ts";
import { Redaction } from "./redaction.ts";
import { type NotScanned, summaryView } from "./summary.ts";
import { Templates } from "./templates.ts";
import { issueTitle, pullRequestTitle } from "./titles.ts";

/** A title (plain text, one line) with a Markdown body; `overflow` is the complete body where it had to be shortened. */
export interface Document extends Fitted {
  readonly title: string;
}

/** A check run's output; `summary` and `text` are Markdown. */
export interface CheckRun {
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly conclusion: "success" | "neutral";
  readonly overflow: string | null;
}

export interface ReportOptions {
  /** Knows the secrets that no report may print. */
  readonly redaction?: Redaction;
  /** The file that gets the overflow, as a reader finds it; null: say that there is a complete report only. */
  readonly overflowFile?: string | null;
  /** Bytes of a body; default 58,000. */
  readonly budget?: number;
}

/** Renders the documents that people read on GitHub. No value of a finding can act in them as Markdown or HTML. */
export class Reports {
  readonly #templates = new Templates();
  readonly #redaction: Redaction;
  readonly #rest: Markdown;
  readonly #budget: number;

  constructor(options: ReportOptions = {}) {
    const { redaction = new Redaction(), overflowFile = null, budget = BODY_BUDGET } = options;
    this.#redaction = redaction;
    this.#rest = overflowFile === null ? md`the complete report has all` : md`${code(overflowFile)} has all`;
    this.#budget = budget;
  }

  /** The pull request that adopts findings whose adoptions are the same edit. */
  pullRequest(findings: Findings, stack: StackContext): Document {
    const [first, ...others] = findings;
    const context = maskContext(stack, this.#redaction);
    const masked: Findings = [this.#mask(first), ...others.map((finding) => this.#mask(finding))];
    const body = this.#within((allowance) =>
      this.#templates.render("pull-request", pullRequestView(masked, context, allowance, this.#rest)),
    );
    return { title: pullRequestTitle(masked, context.name), ...body };
  }

  /** The issue about a finding, with the plan to revert it. */
  issue(finding: JudgedFinding, stack: StackContext): Document {
    const context = maskContext(stack, this.#redaction);
    const masked = this.#mask(finding);
    const body = this.#within((allowance) =>
      this.#templates.render("issue", issueView(masked, context, allowance, this.#rest)),
    );
    return { title: issueTitle(masked), ...body };
  }

  /** The check run on a change of the code: which of what it touches has drifted. */
  checkRun(affected: readonly Affected[]): CheckRun {
    const masked = affected.map((one) => ({
      ...one,
      finding: this.#mask(one.finding),
      stack: maskContext(one.stack, this.#redaction),
    }));
    const summary = this.#within((allowance) =>
      this.#templates.render("check-run", {
        text: null,
        summary: checkRunView(masked, allowance, this.#rest),
      }),
    );
    const text = this.#within((allowance) =>
      this.#templates.render("check-run", {
        summary: null,
        text: checkRunTextView(masked, allowance, this.#rest),
      }),
    );
    return {
      title: checkRunTitle(masked),
      summary: summary.body,
      text: text.body,
      annotations: annotations(masked),
      conclusion: checkRunConclusion(masked),
      overflow: summary.overflow === null && text.overflow === null ? null : (text.overflow ?? text.body),
    };
  }

  /** Everything found in a repository. */
  summary(stacks: readonly StackResult[], notScanned: readonly NotScanned[] = []): Fitted {
    const masked = maskStacks(stacks, this.#redaction);
    return this.#within((allowance) =>
      this.#templates.render("summary", summaryView(masked, notScanned, allowance, this.#rest)),
    );
  }

  #mask(finding: JudgedFinding): JudgedFinding {
    return maskFinding(finding, this.#redaction);
  }

  #within(render: (allowance: Allowance) => string): Fitted {
    return fitBody((allowance) => this.#redaction.clean(render(allowance)), this.#budget);
  }
}
