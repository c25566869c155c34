import { readFileSync } from "node:fs";
import Handlebars from "handlebars";
import type { CheckRunTextView, CheckRunView } from "./check-run.ts";
import type { DashboardView } from "./dashboard.ts";
import type { IssueView } from "./issue.ts";
import type { Markdown } from "./markdown.ts";
import type { OnboardingView } from "./onboarding.ts";
import type { PullRequestView } from "./pull-request.ts";
import type { SummaryView } from "./summary.ts";

/** What a template may print: Markdown that is safe already, and structures of it. A plain string does not type-check. */
type View = { readonly [name: string]: ViewValue };
type ViewValue = Markdown | boolean | null | View | readonly ViewValue[];

/** What each template is given. */
type Views = {
  "pull-request": PullRequestView;
  issue: IssueView;
  /** One of the two: the summary of a check run, or the text below it. */
  "check-run": { readonly summary: CheckRunView | null; readonly text: CheckRunTextView | null };
  summary: SummaryView;
  dashboard: DashboardView;
  onboarding: OnboardingView;
};

type TemplateName = keyof Views;

/** At the root of the package: the same way from `src/reports/` and from `dist/reports/`. */
const FOLDER = new URL("../../templates/", import.meta.url);

/** The documents' templates, compiled when first used. Printing a name that a view lacks throws. */
export class Templates {
  readonly #compiled = new Map<TemplateName, Handlebars.TemplateDelegate<View>>();
  readonly #handlebars = Handlebars.create();

  render<Name extends TemplateName>(name: Name, view: Views[Name] & View): string {
    const template = this.#compiled.get(name) ?? this.#compile(name);
    const text = template(view, { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false });
    return `${text.trim()}\n`;
  }

  #compile(name: TemplateName): Handlebars.TemplateDelegate<View> {
    const source = readFileSync(new URL(`${name}.md.hbs`, FOLDER), "utf8");
    const template = this.#handlebars.compile<View>(source, {
      strict: true,
      noEscape: true,
      knownHelpersOnly: true,
      knownHelpers: { if: true, unless: true, each: true, with: true },
    });
    this.#compiled.set(name, template);
    return template;
  }
}
