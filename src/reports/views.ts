import type { Change, Effect, Intent, JudgedFinding } from "../drift/model.ts";
import { isMove } from "../drift/move.ts";
import { printPath } from "../json/path.ts";
import type { Allowance } from "./budget.ts";
import { code, fence, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import type { StackContext } from "./masked.ts";
import { valueDiff } from "./value-diff.ts";
import { readingMarkdown, valueText } from "./values.ts";
import { cut } from "./visible.ts";
import { placeText } from "./wording.ts";

/** Of a diff's lines; beyond it they are cut. */
const LONGEST_LINE = 2_000;

/** What several documents show in the same way. Everything goes through the allowance of the body. */

export type ChangeRow = {
  /** Of a table about several stacks. */
  readonly stack: Markdown | null;
  readonly address: Markdown;
  readonly path: Markdown;
  readonly desired: Markdown;
  readonly recorded: Markdown;
  readonly observed: Markdown;
  readonly source: Markdown;
};

export type Listed<Row> = { readonly rows: readonly Row[]; readonly more: Markdown | null };

/** Where a reader finds what a body had no room for, as the end of a sentence. */
export type RestPlace = Markdown;

/** As many items as there is room for, and a sentence about the others. */
export function listed<Item, Row>(
  items: readonly Item[],
  row: (item: Item) => Row,
  allowance: Allowance,
  rest: RestPlace,
): Listed<Row> {
  const { shown, left } = allowance.take(items);
  return { rows: shown.map(row), more: leftOut(left, rest) };
}

function leftOut(left: number, rest: RestPlace): Markdown | null {
  if (left === 0) return null;
  return md`*${number(left)} more ${left === 1 ? ONE_IS : MANY_ARE} left out here; ${rest}.*`;
}

const ONE_IS = md`is`;
const MANY_ARE = md`are`;

export function changeRow({
  finding,
  change,
  stack = null,
}: {
  finding: JudgedFinding;
  change: Change;
  stack?: string | null;
}): ChangeRow {
  return {
    stack: stack === null ? null : code(stack, 120),
    address: code(finding.address),
    path: code(printPath(change.path)),
    desired: readingMarkdown(change.desired),
    recorded: readingMarkdown(change.recorded),
    observed: readingMarkdown(change.observed),
    source: change.source === null ? NOTHING : code(placeText(change.source)),
  };
}

export function changesOf(finding: JudgedFinding): { finding: JudgedFinding; change: Change }[] {
  return finding.changes.map((change) => ({ finding, change }));
}

/** `stack shop-prod (production)` */
export function stackMarkdown(stack: StackContext): Markdown {
  return md`stack ${namedStack(stack)}`;
}

function namedStack(stack: StackContext): Markdown {
  const environment = stack.environment === null ? NOTHING : md` (${code(stack.environment, 80)})`;
  return md`${code(stack.name, 120)}${environment}`;
}

/** Whose stacks are, and of which services; null where nobody says. */
export function belongings(stacks: readonly StackContext[]): Markdown | null {
  const all = new Set(stacks.flatMap((stack) => belongingOf(stack) ?? []));
  return all.size === 0 ? null : joined([...all].slice(0, MOST_STACKS), "; ");
}

/** `alice, acme/platform (service shop)` */
function belongingOf({ service, owners = [] }: StackContext): Markdown | null {
  const named = owners.slice(0, MOST_OWNERS).map((owner) => code(owner, 80));
  const part = service === undefined ? null : md`service ${code(service, 80)}`;
  if (named.length === 0) return part;
  return md`${joined(named, ", ")}${part === null ? NOTHING : md` (${part})`}`;
}

const MOST_OWNERS = 20;

/** `stack shop-prod (production)`, or the same of several: `the stacks shop-prod (production) and shop-test`. */
export function stacksMarkdown(stacks: readonly [StackContext, ...StackContext[]]): Markdown {
  const [first, ...others] = stacks;
  if (others.length === 0) return stackMarkdown(first);
  const named = stacks.slice(0, MOST_STACKS).map(namedStack);
  const left = stacks.length - named.length;
  const last = left === 0 ? named.pop() : md`${number(left)} more`;
  return md`the stacks ${joined(named, ", ")} and ${last ?? NOTHING}`;
}

const MOST_STACKS = 10;

/** `aws_instance` `i-0abc`, with account and region where they are known; null where there is no id. */
export function resourceMarkdown({ resource }: JudgedFinding): Markdown | null {
  const { id, account, region, type } = resource;
  if (id === null) return null;
  const inAccount = account === null ? NOTHING : md`, account ${code(account, 60)}`;
  const inRegion = region === null ? NOTHING : md`, region ${code(region, 60)}`;
  return md`${code(type, 80)} ${code(id)}${inAccount}${inRegion}`;
}

export type EffectRow = {
  readonly where: Markdown;
  readonly path: Markdown;
  readonly before: Markdown;
  readonly after: Markdown;
};

/** What an edit changes besides what it is made for. */
export function effectRow(effect: Effect): EffectRow {
  const stack = effect.stack === undefined ? NOTHING : md` in ${code(effect.stack, 80)}`;
  const whole = effect.path === "";
  return {
    where: md`${code(effect.address)}${stack}`,
    path: isMove(effect) ? md`*the address*` : whole ? md`*the whole instance*` : code(effect.path),
    before: effect.before === null ? md`*not set*` : code(valueText(effect.before)),
    after: effect.after === null ? md`*not set*` : code(valueText(effect.after)),
  };
}

/** Unified diffs in one fence, as many lines as there is room for. */
export function diffBlock(
  diffs: readonly string[],
  allowance: Allowance,
  rest: RestPlace,
): { block: Markdown; more: Markdown | null } | null {
  const lines = diffs.flatMap((diff) => diff.replace(/\n$/, "").split("\n"));
  if (diffs.length === 0) return null;
  const { shown, left } = allowance.take(lines.map((line) => cut(line, LONGEST_LINE)));
  const more = left === 0 ? null : md`*The diff goes on for ${number(left)} more lines; ${rest}.*`;
  return { block: fence(shown.join("\n"), "diff"), more };
}

/** For values too long for a cell of a table: what differs, line by line. */
export function longValues(
  findings: readonly JudgedFinding[],
  allowance: Allowance,
  rest: RestPlace,
): { path: Markdown; block: Markdown; more: Markdown | null }[] {
  return findings.flatMap(changesOf).flatMap(({ change }) => {
    const lines = valueDiff(change);
    const shown = lines === null ? null : diffBlock([lines], allowance, rest);
    return shown === null ? [] : [{ path: code(printPath(change.path)), ...shown }];
  });
}

/** Why the verdict is what it is: one bullet a reason. */
export function reasons(finding: JudgedFinding): readonly Markdown[] {
  return finding.intent.because.map((reason) => text(reason));
}

/** `the rule sizes are on purpose`, `the defaults`, `@alice` */
export function decider({ decidedBy }: Pick<Intent, "decidedBy">): Markdown {
  if (decidedBy === "default") return md`the defaults`;
  if (decidedBy === "safety") return md`the safety rules, which no rule of the configuration overrides`;
  const [, policy, rule] = /^(policy )?"(.*)"$/s.exec(decidedBy) ?? [];
  if (rule === undefined) return code(decidedBy, 120);
  return policy === undefined
    ? md`the rule ${code(rule, 120)}`
    : md`the policy ${code(rule, 120)} of the organization`;
}

export function addresses(all: readonly string[], allowance: Allowance, rest: RestPlace): Listed<Markdown> {
  return listed(all, (address) => code(address), allowance, rest);
}
