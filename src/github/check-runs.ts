import { Invalid, isAmbiguous } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, ONCE, type RepositoryRef } from "./github.ts";

/** One annotation as the API takes it. */
export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** A button of a check run. GitHub takes three, with labels of 20, descriptions of 40 and identifiers of 20 characters. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  /** What the webhook `check_run` gives back when somebody presses it. */
  readonly identifier: string;
}

/** What a check run says in the end; `reports/` makes it. */
export interface CheckReport {
  readonly conclusion: "success" | "neutral" | "failure" | "skipped";
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** Markdown; none where empty. */
  readonly text: string;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions?: readonly CheckAction[];
}

export interface CheckRun {
  readonly id: number;
  readonly headSha: string;
  readonly name: string;
  readonly url: string | null;
  readonly finished: boolean;
  readonly conclusion: string | null;
  /** What `finishCheckRun` was given as `hash`; empty before. */
  readonly hash: string;
  /** Annotations that it has already. */
  readonly annotations: number;
  readonly startedAt: Date | null;
}

/** Which check run: there is one that counts for a commit and a name. */
export interface CheckRunKey {
  readonly headSha: string;
  readonly name: string;
}

/** The App's newest check run of a commit and a name; null where there is none. */
export async function findCheckRun(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  { headSha, name }: CheckRunKey,
): Promise<CheckRun | null> {
  const { data } = await github.rest.checks.listForRef({
    ...inRepository(repository),
    ref: headSha,
    check_name: name,
    app_id: app.id,
    filter: "latest",
    per_page: 100,
  });
  const own = data.check_runs.filter((run) => run.app?.id === app.id && run.name === name);
  const newest = own.toSorted((a, b) => b.id - a.id)[0];
  return newest === undefined ? null : checkRunOf(newest);
}

/** All check runs of the App of a commit and a name, those included that a newer one took the place of. */
export async function allCheckRuns(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  { headSha, name }: CheckRunKey,
): Promise<CheckRun[]> {
  const { data } = await github.rest.checks.listForRef({
    ...inRepository(repository),
    ref: headSha,
    check_name: name,
    app_id: app.id,
    filter: "all",
    per_page: 100,
  });
  return data.check_runs.filter((run) => run.app?.id === app.id && run.name === name).map(checkRunOf);
}

/**
 * Shows that the commit is being looked at. A run that was begun and never finished is taken up again. Whoever begins
 * one must finish it, whatever happens: one that never answers blocks a merge.
 */
export async function beginCheckRun(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  key: CheckRunKey,
  now: Date,
): Promise<CheckRun> {
  const findBegun = async () => {
    const run = await findCheckRun(github, repository, app, key);
    return run?.finished === false ? run : null;
  };
  const begun = await findBegun();
  if (begun?.annotations === 0) return begun;
  // Annotations of an older report cannot be taken back, so that run ends here.
  const why = "This check was interrupted. A newer one of the same name has the result.";
  if (begun !== null) await abandonCheckRun(github, repository, begun.id, { why, now });
  try {
    const { data } = await github.rest.checks.create({
      ...inRepository(repository),
      name: key.name,
      head_sha: key.headSha,
      status: "in_progress",
      started_at: timestamp(now),
      ...ONCE,
    });
    return checkRunOf(data);
  } catch (error) {
    const made = isAmbiguous(error) ? await findBegun() : null;
    if (made === null) throw error;
    return made;
  }
}

/** Annotations that one request takes; further requests append theirs. */
const BATCH = 50;

/**
 * Finishes a check run with what it has to say. After a failure in the middle it goes on where it stopped, since GitHub
 * appends annotations and cannot take them back; so a run that is finished is not written again (begin a new one).
 * Annotations that GitHub refuses are left out, and the text says so.
 * @param hash names the report; `findCheckRun` gives it back
 */
export async function finishCheckRun(
  github: GitHub,
  repository: RepositoryRef,
  run: CheckRun,
  report: CheckReport,
  { hash, now }: { readonly hash: string; readonly now: Date },
): Promise<CheckRun> {
  const place = { ...inRepository(repository), check_run_id: run.id };
  const current = await readCheckRun(github, repository, run.id);
  if (current.finished) return current;
  const output = outputOf(report);
  const left = report.annotations.slice(current.annotations).map(fittingAnnotation);
  const last = left.splice(Math.max(0, Math.ceil(left.length / BATCH) - 1) * BATCH);
  const finish = {
    status: "completed" as const,
    conclusion: report.conclusion,
    completed_at: timestamp(now),
    external_id: hash,
    actions: (report.actions ?? []).map((action) => ({ ...action })),
  };
  try {
    for (let start = 0; start < left.length; start += BATCH) {
      const annotations = left.slice(start, start + BATCH);
      await github.rest.checks.update({
        ...place,
        status: "in_progress",
        output: { ...output, annotations },
        ...ONCE,
      });
    }
    const all = last.length === 0 ? output : { ...output, annotations: last };
    const { data } = await github.rest.checks.update({ ...place, ...finish, output: all, ...ONCE });
    return checkRunOf(data);
  } catch (error) {
    if (!(error instanceof Invalid) || report.annotations.length === 0) throw error;
    const note = "GitHub did not take the annotations of this check, so the lines are named below only.";
    const summary = cutTo(`${report.summary}\n\n${note}`, LONGEST_TEXT);
    const { data } = await github.rest.checks.update({
      ...place,
      ...finish,
      output: { ...output, summary },
      ...ONCE,
    });
    return checkRunOf(data);
  }
}

/** Finishes a check run that could not be made or was left behind, so that it blocks nobody. */
export async function abandonCheckRun(
  github: GitHub,
  repository: RepositoryRef,
  id: number,
  { why, now }: { readonly why: string; readonly now: Date },
): Promise<void> {
  const current = await readCheckRun(github, repository, id);
  if (current.finished) return;
  await github.rest.checks.update({
    ...inRepository(repository),
    check_run_id: id,
    status: "completed",
    conclusion: "neutral",
    completed_at: timestamp(now),
    output: { title: "Not checked", summary: cutTo(why, LONGEST_TEXT) },
    ...ONCE,
  });
}

/**
 * Has a finished check run say something else, without buttons, and neutral. Its annotations stay: GitHub takes none back.
 * @param hash names what it says then
 */
export async function rewriteCheckRun(
  github: GitHub,
  repository: RepositoryRef,
  id: number,
  { title, summary, text, hash }: Pick<CheckReport, "title" | "summary" | "text"> & { readonly hash: string },
): Promise<void> {
  await github.rest.checks.update({
    ...inRepository(repository),
    check_run_id: id,
    conclusion: "neutral",
    external_id: hash,
    actions: [],
    output: { title, summary, text },
    ...ONCE,
  });
}

type CheckRunData = Awaited<ReturnType<GitHub["rest"]["checks"]["get"]>>["data"];

async function readCheckRun(github: GitHub, repository: RepositoryRef, id: number): Promise<CheckRun> {
  const { data } = await github.rest.checks.get({ ...inRepository(repository), check_run_id: id });
  return checkRunOf(data);
}

function checkRunOf(data: CheckRunData): CheckRun {
  return {
    id: data.id,
    headSha: data.head_sha,
    name: data.name,
    url: data.html_url,
    finished: data.status === "completed",
    conclusion: data.conclusion,
    hash: data.external_id ?? "",
    annotations: data.output.annotations_count,
    startedAt: data.started_at === null ? null : new Date(data.started_at),
  };
}

/** GitHub's limits: characters of a summary or a text, of a title; bytes of a message. */
const LONGEST_TEXT = 65_535;
const LONGEST_TITLE = 255;
const LONGEST_MESSAGE = 65_536;

function outputOf({ title, summary, text }: CheckReport): { title: string; summary: string; text?: string } {
  const output = { title: cutTo(title, LONGEST_TITLE), summary: cutTo(summary, LONGEST_TEXT) };
  return text.trim() === "" ? output : { ...output, text: cutTo(text, LONGEST_TEXT) };
}

function fittingAnnotation(annotation: CheckAnnotation): CheckAnnotation {
  const { title, message } = annotation;
  return { ...annotation, title: cutTo(title, LONGEST_TITLE), message: cutTo(message, LONGEST_MESSAGE) };
}

/** Both of GitHub's units are kept: bytes are never fewer than characters. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const cut = Buffer.from(text).subarray(0, bytes - 3);
  return `${new TextDecoder().decode(cut, { stream: true })}…`;
}

/** Seconds, as GitHub writes them. */
function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
