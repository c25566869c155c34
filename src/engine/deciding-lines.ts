import { writtenRange } from "../hcl/editing/document-text.ts";
import { positionAt, type Range } from "../hcl/syntax/source.ts";
import { parsePath } from "../json/path.ts";
import { parseAddress } from "../terraform/address.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import { decidingAbsence, decidingValue } from "../terraform/tracing/deciding.ts";
import type { Deciding } from "../terraform/tracing/deciding-search.ts";
import type { DecidingRequest, Lines } from "./api.ts";

/** The lines of all that takes part in the values of an instance, or in its absence; those of a file in order. */
export function decidingLines(evaluation: Evaluation, { address, paths }: DecidingRequest): Lines[] {
  const { root } = evaluation.inputs;
  const parsed = parseAddress(address);
  const instance = evaluation.instances.get(address);
  if (instance === undefined) return linesOf([decidingAbsence(evaluation.root, parsed, root)]);
  if (paths.length === 0) {
    const { file, start, typeRange, labels } = instance.block;
    return [rangeLines({ file, start, end: labels.at(-1)?.end ?? typeRange.end })];
  }
  return linesOf(paths.map((path) => decidingValue(instance, parsePath(path), root)));
}

function linesOf(all: readonly Deciding[]): Lines[] {
  const found = new Map<string, Lines>();
  const lines = [
    ...all.flatMap(({ ranges }) => ranges.map(rangeLines)),
    ...all.flatMap(({ files }) => files.map((file) => ({ file, from: 1, to: Number.MAX_SAFE_INTEGER }))),
  ];
  for (const each of lines) found.set(JSON.stringify(each), each);
  return [...found.values()].toSorted((a, b) => compare(a.file, b.file) || a.from - b.from || a.to - b.to);
}

/** A heredoc's range ends with its last line break, which is no line of its own. */
function rangeLines(range: Range): Lines {
  const { file, start, end } = writtenRange(range);
  const last = Math.max(start, end - 1);
  return {
    file: file.path,
    from: positionAt(file.text, start).line,
    to: positionAt(file.text, last).line,
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
