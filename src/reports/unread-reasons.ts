import type { StackResult } from "../drift/model.ts";
import { code, joined, type Markdown, md, number, text } from "./markdown.ts";
import { STATUS_WORDS } from "./wording.ts";

/** What kept stacks from being read in full, and which ones: one account or role is often that of many. */
export interface UnreadReason {
  readonly status: StackResult["status"];
  readonly reason: Markdown;
  /** Names, in the order of the scan; never empty. */
  readonly stacks: readonly string[];
}

/** Of the stacks that have the same reason. */
const MOST_STACKS = 8;
/** Of what one stack says. */
const MOST_REASONS = 3;

const NO_CREDENTIALS = /no AWS credentials were found/;
/** The message itself is for people at a terminal. */
const WITHOUT_CREDENTIALS = md`Driftwright has no AWS credentials where it runs; whoever runs it gives it some (its docs/operations.md, *Credentials of the service*)`;

/** Stacks that could not be read in full, those with the same reason together. */
export function unreadReasons(stacks: readonly StackResult[]): readonly UnreadReason[] {
  const told = stacks.map((stack) => ({ stack, reason: reasonOf(stack) }));
  const groups = Map.groupBy(told, ({ stack, reason }) => `${stack.status} ${reason}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { stack, reason } = first;
    return [{ status: stack.status, reason, stacks: group.map(({ stack: { name } }) => name) }];
  });
}

export function unreadRow({ status, reason, stacks }: UnreadReason): Markdown {
  const names = joined(
    stacks.slice(0, MOST_STACKS).map((name) => code(name, 80)),
    ", ",
  );
  const left = stacks.length - MOST_STACKS;
  const all = left > 0 ? md`${names} and ${number(left)} more` : names;
  return md`${all} (${text(status)}): ${reason}`;
}

function reasonOf({ status, diagnostics }: StackResult): Markdown {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const why = (errors.length > 0 ? errors : diagnostics).slice(0, MOST_REASONS);
  if (why.length === 0) return text(STATUS_WORDS[status]);
  return joined(
    why.map(({ message }) => (NO_CREDENTIALS.test(message) ? WITHOUT_CREDENTIALS : text(message, 400))),
    "; ",
  );
}
