import { z } from "zod";
import { GROUPINGS, REBASES } from "./model.ts";

const NAMES = "a list of names, each a text";
const LABEL = "a label of at most 50 characters";
const LOGIN = "a login on GitHub, such as octocat";
const REVIEWER = "a login on GitHub or a team, such as octocat or acme/platform";
const MOMENT = "a day written as 2026-12-20, or a time with its zone written as 2026-12-20T18:00:00+01:00";

const NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*";
const login = z.string(LOGIN).regex(new RegExp(`^${NAME}$`), LOGIN);
/** A person, or a team as `owner/team`. */
export const personOrTeam = z.string(REVIEWER).regex(new RegExp(`^${NAME}(?:/${NAME})?$`), REVIEWER);
const moment = z.union([z.iso.date(MOMENT), z.iso.datetime({ offset: true, error: MOMENT })], MOMENT);

function count(least: number, most: number) {
  const text = `a whole number from ${least} to ${most}`;
  return z.int(text).min(least, text).max(most, text);
}

const freeze = z.strictObject({
  from: moment.meta({ description: "The first day (UTC), or a time." }),
  until: moment.meta({ description: "The last day (UTC), or a time." }),
  because: z.string("a text").min(1, "a text").optional().meta({ description: "The reason, for the log." }),
});

/** What may be said of how issues and pull requests are written, key by key. */
export const WRITING_KEYS = {
  labels: z
    .array(z.string(LABEL).trim().min(1, LABEL).max(50, LABEL), NAMES)
    .max(20, "at most 20 labels")
    .optional()
    .meta({ description: "Labels of new issues and pull requests; GitHub makes those that are not there." }),
  assignees: z.array(login, NAMES).max(10, "at most 10 logins").optional().meta({
    description:
      "Who new issues and pull requests are assigned to; default: issues to the people among the owners of their stack, else of their code (CODEOWNERS). [] for nobody.",
  }),
  reviewers: z.array(personOrTeam, NAMES).max(15, "at most 15 logins and teams").optional().meta({
    description:
      "Who is asked to review new pull requests: logins, and teams as owner/team. Code owners are asked by GitHub itself.",
  }),
  draft: z
    .boolean("true or false")
    .optional()
    .meta({ description: "Open pull requests as drafts; default: false." }),
  rebase: z.enum(REBASES).optional().meta({
    description:
      "When an open pull request is put on the newest commit of the default branch: whenever it is behind and its edit still proves, or only where the edit or what stands around it has changed; default: behind.",
  }),
  grouping: z.enum(GROUPINGS).optional().meta({
    description:
      "Which drift shares an issue: that of one resource, of one stack or of one cause; default: drift, an issue for each.",
  }),
  dashboard: z.boolean("true or false").optional().meta({
    description: "Keep one issue that says how all stacks and findings stand; default: true.",
  }),
  dry_run: z.boolean("true or false").optional().meta({
    description: "Scan and check, but write no issue and no pull request; default: false.",
  }),
  limits: z
    .strictObject({
      open_pull_requests: count(0, 1000)
        .optional()
        .meta({ description: "Pull requests of Driftwright that may be open at once; default: 20." }),
      new_per_hour: count(1, 500)
        .optional()
        .meta({ description: "Issues and pull requests that are opened in an hour at most; default: 40." }),
    })
    .optional()
    .meta({ description: "How much is opened; what waits is opened later, the most severe first." }),
  freeze: z
    .array(freeze, "a list of times")
    .max(100, "at most 100 of them")
    .optional()
    .meta({ description: "Times in which no pull request is opened or changed." }),
} as const;
