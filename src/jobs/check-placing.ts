import { addToBranch, findAdded } from "../github/branch-commits.ts";
import { Forbidden, Invalid, Occupied } from "../github/errors.ts";
import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import type { PullRequest } from "../github/pull-requests.ts";
import { isReviewed, linesInDiff, reviewOnce } from "../github/reviews.ts";
import { byteLength } from "../reports/budget.ts";
import { code, fence, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { SENSITIVE } from "../reports/redaction.ts";
import { pullRequestTitle } from "../reports/titles.ts";
import type { StoredCheckAction } from "../store/check-actions.ts";
import { findInstallation } from "../store/installations.ts";
import {
  COMMITTED_BEFORE,
  committed,
  impossible,
  MOVED,
  SECRET,
  SUGGESTED_BEFORE,
  suggested,
  WHY_SUGGESTED,
} from "./check-action-replies.ts";
import type { ProvenEdit } from "./check-adoption.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { suggestionsOf } from "./suggestions.ts";

/** GitHub refuses changes below this folder to an App without the permission `workflows`. */
const WORKFLOWS = ".github/workflows/";

/** What came of a wish to have an edit in a pull request. */
export interface Placed {
  readonly outcome: Markdown;
  /** Whether the branch has another newest commit now. */
  readonly moved: boolean;
}

/** Brings edits into pull requests: as a commit where that is allowed, as a suggestion elsewhere. Each once. */
export class Placing {
  readonly #ports: JobPorts;
  readonly #repository: OpenRepository;

  constructor(ports: JobPorts, repository: OpenRepository) {
    this.#ports = ports;
    this.#repository = repository;
  }

  /** What was made of an action before, where anything was: the process ended then, or it was asked for twice. */
  async before(action: StoredCheckAction, pullRequest: PullRequest): Promise<Markdown | null> {
    const { facts, github } = this.#repository;
    const { number, headSha: now } = pullRequest;
    const app = await this.#ports.github.identity();
    if (await isReviewed(github, facts, app, number, reviewKeyOf(action))) return SUGGESTED_BEFORE;
    if (pullRequest.fromFork || now === action.headSha) return null;
    const commits = { head: action.headSha, now, trailer: trailerOf(action) };
    return (await findAdded(github, facts, app, commits)) === null ? null : COMMITTED_BEFORE;
  }

  async place(action: StoredCheckAction, pullRequest: PullRequest, edit: ProvenEdit): Promise<Placed> {
    if (edit.files.some(({ path }) => path.startsWith(WORKFLOWS)))
      return {
        outcome: impossible("The edit is in a workflow, which Driftwright does not write."),
        moved: false,
      };
    const why = await this.#whyNoCommit(pullRequest);
    if (why !== null) return { outcome: await this.#suggest(action, pullRequest, edit, why), moved: false };
    try {
      return await this.#commit(action, pullRequest, edit);
    } catch (reason) {
      if (!(reason instanceof Forbidden || reason instanceof Occupied)) throw reason;
      const rule = `GitHub refused the commit: ${reason.message}`;
      return { outcome: await this.#suggest(action, pullRequest, edit, rule), moved: false };
    }
  }

  async #whyNoCommit({ fromFork, branch }: PullRequest): Promise<string | null> {
    const { facts, stored } = this.#repository;
    if (fromFork) return WHY_SUGGESTED.fork;
    if (branch === facts.defaultBranch) return WHY_SUGGESTED["default-branch"];
    const installation = await findInstallation(this.#ports.database.kysely, stored.installationId);
    const missing = missingPermissions(installation?.permissions ?? {}, TOKEN_PERMISSIONS.adopt);
    return missing.length > 0 ? WHY_SUGGESTED.permission : null;
  }

  async #commit(action: StoredCheckAction, { branch }: PullRequest, edit: ProvenEdit): Promise<Placed> {
    const { facts, stored } = this.#repository;
    const { adopt } = TOKEN_PERMISSIONS;
    const github = this.#ports.github.repository(stored.installationId, stored.id, adopt);
    const added = await addToBranch(github, facts, await this.#ports.github.identity(), {
      branch,
      head: action.headSha,
      message: messageOf(action, edit),
      files: edit.files.map(({ path, after: content }) => ({ path, content })),
      trailer: trailerOf(action),
    });
    return added.outcome === "moved"
      ? { outcome: MOVED, moved: true }
      : { outcome: committed(added.sha, branch, edit.adopted.length), moved: true };
  }

  async #suggest(
    action: StoredCheckAction,
    { number }: PullRequest,
    edit: ProvenEdit,
    why: string,
  ): Promise<Markdown> {
    if (edit.files.some(({ diff }) => diff.includes(SENSITIVE))) return SECRET;
    const { facts, stored } = this.#repository;
    const { suggest } = TOKEN_PERMISSIONS;
    const github = this.#ports.github.repository(stored.installationId, stored.id, suggest);
    const app = await this.#ports.github.identity();
    const review = { key: reviewKeyOf(action), commit: action.headSha };
    const body = introduction(action, edit, why);
    const suggestions = suggestionsOf(edit.files, await linesInDiff(github, facts, number));
    const asDiff = { ...review, body: withDiff(body, edit), comments: [] };
    const wanted = suggestions === null ? asDiff : { ...review, body: withHint(body), comments: suggestions };
    try {
      await reviewOnce(github, facts, app, number, wanted);
    } catch (reason) {
      // GitHub may show fewer lines than its list of files tells.
      if (!(reason instanceof Invalid) || suggestions === null) throw reason;
      await reviewOnce(github, facts, app, number, asDiff);
    }
    return suggested(why, edit.adopted.length);
  }
}

/** GitHub's id of the webhook, which nobody but GitHub and the App knows. */
function trailerOf({ delivery }: StoredCheckAction): string {
  return `Driftwright-Action: ${delivery}`;
}

function reviewKeyOf({ delivery }: StoredCheckAction): string {
  return `adopt:${delivery.toLowerCase()}`;
}

function messageOf({ author }: StoredCheckAction, edit: ProvenEdit): string {
  const asked = `Asked for by ${author}, with the button of the check.`;
  return `${titleOf(edit)}\n\n${asked}`;
}

function titleOf({ adopted }: ProvenEdit): string {
  const [first, ...others] = adopted.map(({ finding }) => finding);
  const stacks = [...new Set(adopted.map(({ stack }) => stack))];
  return first === undefined ? "Adopt drift" : pullRequestTitle([first, ...others], stacks);
}

function introduction({ author }: StoredCheckAction, edit: ProvenEdit, why: string): Markdown {
  return joined(
    [
      md`**${text(titleOf(edit))}**`,
      md``,
      md`${code(author, 60)} asked for this edit. It is suggested here, since ${text(why)}. Evaluation shows that nothing else changes in the stacks of this repository.`,
    ],
    "\n",
  );
}

function withHint(body: Markdown): Markdown {
  return joined([body, md``, md`Take all of the suggestions together: only so they are proven.`], "\n");
}

/** Bytes. */
const LONGEST_DIFF = 50_000;

function withDiff(body: Markdown, { files }: ProvenEdit): Markdown {
  const diff = files.map((file) => file.diff).join("");
  const names = joined(
    files.slice(0, 50).map(({ path }) => code(path, 120)),
    ", ",
  );
  const shown =
    byteLength(diff) > LONGEST_DIFF
      ? md`It is too long to be shown; it changes ${names}.`
      : fence(diff, "diff");
  return joined([body, md``, shown], "\n");
}
