import type { Edit } from "../hcl/editing/edit.ts";

type Splice = Omit<Edit, "file">;

/** A part of a text that edits one after the other have made of another. */
type Piece =
  /** As it was; offsets of the text before. */
  | { readonly kind: "kept"; readonly start: number; readonly end: number }
  /** Somebody took it away. */
  | {
      readonly kind: "gone";
      readonly start: number;
      readonly end: number;
      readonly owner: number;
      readonly inLine: boolean;
    }
  /** Somebody put it there. */
  | { readonly kind: "new"; readonly text: string; readonly owner: number; readonly inLine: boolean };

/**
 * A text that several owners edit one after the other, and what of it is whose: so that the edits of some of them can be
 * told as edits of the text as it was before all of them.
 */
export class OwnedText {
  readonly #before: string;
  #pieces: readonly Piece[];

  constructor(before: string) {
    this.#before = before;
    this.#pieces = [{ kind: "kept", start: 0, end: before.length }];
  }

  get text(): string {
    return this.#pieces.map((piece) => this.#textOf(piece)).join("");
  }

  /**
   * Makes edits of the text as it is now that do not overlap. Gives the other owners whose edits stand in the same
   * places, or so near that lines are aligned and separated with theirs.
   */
  edit(edits: readonly Splice[], owner: number): ReadonlySet<number> {
    const now = this.text;
    const met = new Set(edits.flatMap((edit) => this.#near(edit, now)).filter((other) => other !== owner));
    // From the end, so that the offsets of those that are left stay what they are.
    for (const edit of edits.toSorted((a, b) => b.start - a.start || b.end - a.end))
      this.#make(edit, owner, isInLine(edit, now));
    return met;
  }

  /** What some of the owners did, as edits of the text before. */
  editsOf(isTheirs: (owner: number) => boolean): readonly Splice[] {
    const edits: Splice[] = [];
    let at = 0;
    let open: { start: number; end: number; text: string } | null = null;
    const close = () => {
      if (open !== null) edits.push(open);
      open = null;
    };
    for (const piece of this.#pieces) {
      const isOurs = piece.kind !== "kept" && isTheirs(piece.owner);
      if (isOurs) {
        open ??= { start: at, end: at, text: "" };
        if (piece.kind === "new") open.text += piece.text;
      } else if (piece.kind !== "new") close();
      if (piece.kind === "new") continue;
      at = piece.end;
      if (open !== null) open.end = at;
    }
    close();
    return edits;
  }

  /** What somebody took away of the text before. */
  goneOf(owner: number): readonly string[] {
    return this.#pieces.flatMap((piece) =>
      piece.kind === "gone" && piece.owner === owner ? [this.#before.slice(piece.start, piece.end)] : [],
    );
  }

  #near(edit: Splice, now: string): number[] {
    const narrow = { from: edit.start, to: edit.end };
    const wide = { from: twoLinesUp(now, edit.start), to: twoLinesDown(now, edit.end) };
    const inLine = isInLine(edit, now);
    const owners: number[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      const start = at;
      at += lengthOf(piece);
      if (piece.kind === "kept") continue;
      const { from, to } = inLine && piece.inLine ? narrow : wide;
      if (start <= to && at >= from) owners.push(piece.owner);
    }
    return owners;
  }

  #make({ start, end, text }: Splice, owner: number, inLine: boolean): void {
    const before = this.#between(0, start, false);
    const within = this.#between(start, end, true);
    const after = this.#between(end, Number.POSITIVE_INFINITY, false);
    const gone = within.flatMap((piece): Piece[] => {
      if (piece.kind === "gone") return [piece];
      // What another owner had put there is nobody's any more: the two belong together from here on.
      return piece.kind === "new" ? [] : [{ ...piece, kind: "gone", owner, inLine }];
    });
    const added: Piece[] = text === "" ? [] : [{ kind: "new", text, owner, inLine }];
    this.#pieces = [...before, ...gone, ...added, ...after];
  }

  /** The pieces between two offsets of the text as it is now; those without a length at its ends only where asked for. */
  #between(from: number, to: number, withEnds: boolean): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      const start = at;
      const length = lengthOf(piece);
      at += length;
      if (length === 0) {
        const isInside = withEnds ? start >= from && start <= to : isOutside(start, from, to);
        if (isInside) pieces.push(piece);
        continue;
      }
      const [first, last] = [Math.max(from, start) - start, Math.min(to, at) - start];
      if (first < last) pieces.push(partOf(piece, first, last));
    }
    return pieces;
  }

  #textOf(piece: Piece): string {
    if (piece.kind === "gone") return "";
    return piece.kind === "new" ? piece.text : this.#before.slice(piece.start, piece.end);
  }
}

/** Of what lies before or after an edit: its own ends belong to the edit. */
function isOutside(at: number, from: number, to: number): boolean {
  return to === Number.POSITIVE_INFINITY ? at > from : at < to;
}

function lengthOf(piece: Piece): number {
  if (piece.kind === "gone") return 0;
  return piece.kind === "new" ? piece.text.length : piece.end - piece.start;
}

function partOf(piece: Piece, first: number, last: number): Piece {
  if (piece.kind === "new") return { ...piece, text: piece.text.slice(first, last) };
  return { ...piece, start: piece.start + first, end: piece.start + last };
}

/** The start of the line above the one that an offset is in. */
function twoLinesUp(text: string, offset: number): number {
  const end = offset === 0 ? -1 : text.lastIndexOf("\n", offset - 1);
  return end <= 0 ? 0 : text.lastIndexOf("\n", end - 1) + 1;
}

/** The end of the line below the one that an offset is in. */
function twoLinesDown(text: string, offset: number): number {
  const line = text.indexOf("\n", offset);
  const next = line === -1 ? -1 : text.indexOf("\n", line + 1);
  return next === -1 ? text.length : next;
}

/** Whether an edit changes a part of one line: what stands around it stays as it is. */
export function isInLine({ start, end, text }: Splice, before: string): boolean {
  return !text.includes("\n") && !before.slice(start, end).includes("\n");
}
