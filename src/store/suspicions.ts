import { sql } from "kysely";
import { confirmable } from "../drift/belief.ts";
import { DRIFT_KINDS, type JudgedFinding, SEVERITIES, type StackResult } from "../drift/model.ts";
import { type Json, printJson } from "../json/json.ts";
import type { Confirmed, Suspected } from "./suspected.ts";
import type { Db } from "./tables.ts";

/** Of one stack; a row is one value, and those of all stacks are read at once. */
const MOST_FINDINGS = 1_000;
/** In characters of JSON. */
const LONGEST_FINDINGS = 1_000_000;

/**
 * Writes down what a scan found in the stacks that are suspect, in place of what the scan before did, and forgets what was
 * confirmed and is not there any more. Call it after `noteStacks`.
 * @param results every stack of the repository
 */
export async function noteSuspicions(
  db: Db,
  repositoryId: number,
  results: readonly StackResult[],
): Promise<void> {
  const rows = () => db.updateTable("stacks").where("repository_id", "=", repositoryId);
  const before = [...(await suspectedOf(db, repositoryId)).values()].flatMap((one) => one.findings);
  const since = new Map(before.map((finding) => [confirmable(finding), finding.detectedAt]));
  await rows().set({ suspected: null }).where("suspected", "is not", null).execute();
  for (const result of results) {
    if (result.status === "suspect")
      await rows()
        .set({ suspected: jsonOf(suspectedIn(result, since)) })
        .where("name", "=", result.name)
        .execute();
  }
  const confirmed = await confirmedIn(db, repositoryId);
  for (const { name, status, findings } of results) {
    const said = confirmed.get(name);
    if (said === undefined || status !== "complete") continue;
    const seen = new Set(findings.map(confirmable));
    const what = said.what.filter((each) => seen.has(each));
    if (what.length === said.what.length) continue;
    const left = what.length === 0 ? null : jsonOf({ ...said, what });
    await rows().set({ confirmed: left }).where("name", "=", name).execute();
  }
}

/** @param since when what was suspected before was found first, as `confirmable` names it */
function suspectedIn(
  { findings, suspicion = "extent" }: StackResult,
  since: ReadonlyMap<string, string>,
): Suspected {
  const drift = findings.filter(({ kind, intent }) => DRIFT_KINDS.has(kind) && intent.verdict !== "ignore");
  const shown = drift
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .slice(0, MOST_FINDINGS)
    .map((finding): JudgedFinding => {
      const detectedAt = since.get(confirmable(finding)) ?? finding.detectedAt;
      return { ...finding, detectedAt, adoption: null, revert: null };
    });
  return { suspicion, what: drift.map(confirmable), findings: withinLength(shown) };
}

/** The first ones that there is room for. */
function withinLength(findings: readonly JudgedFinding[]): readonly JudgedFinding[] {
  let length = 0;
  const end = findings.findIndex((finding) => {
    length += printJson(finding as unknown as Json).length;
    return length > LONGEST_FINDINGS;
  });
  return end === -1 ? findings : findings.slice(0, end);
}

/** What is not believed, by the names of the stacks. */
export async function suspectedOf(db: Db, repositoryId: number): Promise<ReadonlyMap<string, Suspected>> {
  const rows = await db
    .selectFrom("stacks")
    .select(["name", "suspected"])
    .where("repository_id", "=", repositoryId)
    .where("suspected", "is not", null)
    .orderBy("name")
    .execute();
  return new Map(rows.flatMap(({ name, suspected }) => (suspected === null ? [] : [[name, suspected]])));
}

/** What in each suspect stack is not believed, as `confirmable` names it, by the names of the stacks. */
export async function suspicionsOf(
  db: Db,
  repositoryId: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom("stacks")
    .select(["name", sql<readonly string[]>`suspected -> 'what'`.as("what")])
    .where("repository_id", "=", repositoryId)
    .where("suspected", "is not", null)
    .orderBy("name")
    .execute();
  return new Map(rows.map(({ name, what }) => [name, what]));
}

/** What was found and is not believed, the most severe of it, by the names of the stacks. */
export async function unbelievedOf(
  db: Db,
  repositoryId: number,
): Promise<ReadonlyMap<string, readonly JudgedFinding[]>> {
  const all = await suspectedOf(db, repositoryId);
  return new Map([...all].map(([stack, { findings }]) => [stack, findings]));
}

/** What was confirmed and may still be there, by the names of the stacks. */
export async function confirmedIn(db: Db, repositoryId: number): Promise<ReadonlyMap<string, Confirmed>> {
  const rows = await db
    .selectFrom("stacks")
    .select(["name", "confirmed"])
    .where("repository_id", "=", repositoryId)
    .where("confirmed", "is not", null)
    .orderBy("name")
    .execute();
  return new Map(rows.flatMap(({ name, confirmed }) => (confirmed === null ? [] : [[name, confirmed]])));
}

/**
 * What does not count where too much of a stack has changed at once, as `confirmable` names it: what is open, since only
 * what is believed is written down as a finding, and what people confirmed.
 */
export async function expectedIn(db: Db, repositoryId: number): Promise<ReadonlySet<string>> {
  const open = await db
    .selectFrom("findings")
    .select(["fingerprint", "revision"])
    .where("repository_id", "=", repositoryId)
    .where("resolved_at", "is", null)
    .execute();
  const confirmed = [...(await confirmedIn(db, repositoryId)).values()];
  return new Set([...open.map(confirmable), ...confirmed.flatMap(({ what }) => what)]);
}

/** A person says that a stack is as the last scan found it; what was confirmed before counts on. */
export async function confirmStack(
  db: Db,
  { repositoryId, stack }: { readonly repositoryId: number; readonly stack: string },
  said: Confirmed,
): Promise<void> {
  const before = (await confirmedIn(db, repositoryId)).get(stack)?.what ?? [];
  const what = [...new Set([...before, ...said.what])];
  await db
    .updateTable("stacks")
    .set({ confirmed: jsonOf({ ...said, what }) })
    .where("repository_id", "=", repositoryId)
    .where("name", "=", stack)
    .execute();
}

function jsonOf(value: Suspected | Confirmed): string {
  return printJson(value as unknown as Json);
}
