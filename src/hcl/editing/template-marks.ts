import type { TemplatePart } from "../syntax/syntax.ts";

/** What is written of a directive itself. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

/** What no edit of text may take away: the directives, but for what is taken of the text in them. */
export function marksIn(parts: readonly TemplatePart[], taken: ReadonlySet<TemplatePart>): readonly Mark[] {
  return parts.flatMap((part): readonly Mark[] => {
    const marks: Mark[] = [];
    let { start } = part;
    for (const own of branchesOf(part).filter((branch) => branch.some((each) => isTaken(each, taken)))) {
      const [first, last] = [own[0], own.at(-1)];
      if (first === undefined || last === undefined) continue;
      marks.push({ start, end: first.start }, ...marksIn(own, taken));
      start = last.end;
    }
    const isDirective = part.kind === "if" || part.kind === "for-directive";
    return isDirective ? [...marks, { start, end: part.end }] : [];
  });
}

function isTaken(part: TemplatePart, taken: ReadonlySet<TemplatePart>): boolean {
  return taken.has(part) || branchesOf(part).some((branch) => branch.some((each) => isTaken(each, taken)));
}

function branchesOf(part: TemplatePart): readonly (readonly TemplatePart[])[] {
  if (part.kind === "if") return [part.then, part.else];
  return part.kind === "for-directive" ? [part.parts] : [];
}
