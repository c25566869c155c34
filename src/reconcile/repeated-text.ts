import { DocumentText, writtenBy } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { editsBetween } from "../hcl/editing/text-edits.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import type { ForDirective, Template, TextPart } from "../hcl/syntax/syntax.ts";
import type { Json } from "../json/json.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { madeByDirective } from "../terraform/tracing/directive-branches.ts";
import { middle } from "../terraform/tracing/surrounded-text.ts";
import { type TakenParts, takenParts } from "../terraform/tracing/template-texts.ts";
import { isGlued } from "./rewrite.ts";

/** Of longer ones nothing is looked for. */
const MOST_STRETCHES = 2_000;
/** So many ends of a text are tried. */
const MOST_TRIED = 20_000;
/** So many texts of what is repeated become others at once: those around a part that is filled in, and a separator. */
const MOST_CHANGED = 3;

/**
 * The edits of the text that a `%{ for }` repeats, the same for each element, that give what is wanted. What is filled in
 * stays. Null where there are none.
 */
export function rewriteRepeated(
  { expression, context, path }: Located,
  wanted: Json,
): readonly Edit[] | null {
  if (expression.kind !== "template" || path.length > 0 || typeof wanted !== "string") return null;
  const taken = takenParts(expression, context);
  for (const [index, part] of taken?.parts.entries() ?? []) {
    if (taken === null || part.kind !== "for-directive") continue;
    const [before, after] = [taken.texts.slice(0, index), taken.texts.slice(index + 1)];
    const own = middle(wanted, before.join(""), after.join(""));
    const made = own === null ? null : stretchesOf(part, context);
    const texts = made === null || own === null ? null : textsFor(made, own);
    if (texts !== null) return editsFor(expression, taken, texts);
  }
  return null;
}

/** Whether a text is wanted that other elements of what a template goes through would give. */
export function isOfElements(place: Located, wanted: Json): boolean {
  const { expression } = place;
  if (expression.kind !== "template" || expression.parts.every(({ kind }) => kind === "text")) return false;
  return branchesOf(place).some(({ kind, carries, invert }) => {
    return !carries && kind !== "condition" && invert(wanted) !== null;
  });
}

/** A stretch of what is repeated: a text that is written, or what is filled in. */
interface Stretch {
  readonly text: string;
  readonly part: TextPart | null;
}

function stretchesOf(directive: ForDirective, context: Located["context"]): readonly Stretch[] | null {
  const stretches: Stretch[] = [];
  for (const inner of madeByDirective(directive, context)) {
    const taken: TakenParts | null = takenParts(directive, inner);
    if (taken === null || stretches.length > MOST_STRETCHES) return null;
    for (const [index, part] of taken.parts.entries())
      stretches.push({ text: taken.texts[index] ?? "", part: part.kind === "text" ? part : null });
  }
  return stretches;
}

type Texts = ReadonlyMap<TextPart, string>;

/** What each text has to be so that all together give the wanted one, as few others as possible. */
function textsFor(stretches: readonly Stretch[], wanted: string): Texts | null {
  const tried = { left: MOST_TRIED };
  for (let changes = 1; changes <= MOST_CHANGED; changes += 1) {
    const found = fitted(stretches, 0, wanted, 0, new Map(), changes, tried);
    if (found !== null) return found;
  }
  return null;
}

/** `texts`: those that are decided already; `changes`: how many more may be others than they are. */
function fitted(
  stretches: readonly Stretch[],
  from: number,
  wanted: string,
  start: number,
  texts: Texts,
  changes: number,
  tried: { left: number },
): Texts | null {
  let at = start;
  for (let index = from; index < stretches.length; index += 1) {
    const { text, part } = stretches[index] ?? { text: "", part: null };
    const fixed = part === null ? text : texts.get(part);
    if (fixed !== undefined) {
      if (!wanted.startsWith(fixed, at)) return null;
      at += fixed.length;
      continue;
    }
    if (part === null) return null;
    const go = (own: string, left: number) =>
      fitted(stretches, index + 1, wanted, at + own.length, new Map(texts).set(part, own), left, tried);
    const same = wanted.startsWith(part.value, at) ? go(part.value, changes) : null;
    if (same !== null || changes === 0) return same;
    for (let end = at; end <= wanted.length && tried.left > 0; end += 1) {
      tried.left -= 1;
      const own = wanted.slice(at, end);
      const found = own === part.value ? null : go(own, changes - 1);
      if (found !== null) return found;
    }
    return null;
  }
  return at === wanted.length && !isAnyGlued(stretches, texts) ? texts : null;
}

function isAnyGlued(stretches: readonly Stretch[], texts: Texts): boolean {
  return stretches.some(({ part }, index) => {
    const is = part === null ? undefined : texts.get(part);
    if (part === null || is === undefined) return false;
    const [before, after] = [stretches[index - 1], stretches[index + 1]];
    const filledIn = (each: Stretch | undefined) => (each?.part === null ? each.text : "");
    return isGlued(part.value, is, filledIn(before), filledIn(after));
  });
}

function editsFor(template: Template, taken: TakenParts, texts: Texts): readonly Edit[] | null {
  const parts = [...texts.keys(), ...taken.parts.filter((part) => part.kind === "text")].sort(
    (a, b) => a.start - b.start,
  );
  const written = writtenBy(template, { parts, texts: parts.map(({ value }) => value) });
  if (written === null) return null;
  const edits: (readonly Edit[] | null)[] = [];
  let start = 0;
  for (const part of parts) {
    const after = texts.get(part) ?? part.value;
    const own = editsBetween(new DocumentText(template.file.path, part.value, "text"), after);
    // Where two texts meet, nothing tells to which of them an edit belongs.
    const isInside = own.every((edit) => edit.start < edit.end || edit.start < part.value.length);
    const whole = { file: template.file.path, start: 0, end: part.value.length, text: after };
    for (const edit of isInside ? own : [whole]) {
      const moved = { ...edit, start: edit.start + start, end: edit.end + start };
      edits.push(written.editsFor(moved, true));
    }
    start += part.value.length;
  }
  return edits.includes(null) ? null : edits.flatMap((each) => each ?? []);
}
