import type { Edit } from "../hcl/editing/edit.ts";
import { valueText } from "../hcl/editing/write.ts";
import { didYouMean } from "../hcl/evaluation/suggestion.ts";
import type { Range, SourceFile } from "../hcl/syntax/source.ts";
import { type Json, parseJson } from "../json/json.ts";
import { type Path, PathError, parsePath, printPath } from "../json/path.ts";
import { findAdoptions, fromConfirmed, UNCONFIRMED } from "../reconcile/adoption.ts";
import { firstChangedLine } from "../reconcile/diff.ts";
import type { Repository } from "../reconcile/repository.ts";
import { AddressError, parseAddress, printAddress } from "../terraform/address.ts";
import { knownAttributes } from "../terraform/code/terraform-data.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { MASK } from "../terraform/evaluation/value-json.ts";
import { traceValue } from "../terraform/tracing/trace.ts";
import type { TraceRequest, TraceResult } from "./api.ts";
import { maskedDiff } from "./masked-diff.ts";
import { maskedCopies, maskedSlice } from "./masked-literals.ts";
import { placeOf } from "./places.ts";
import type { SensitiveLiterals, Span } from "./sensitive-literals.ts";

const LONGEST_TEXT = 400;

/** The `trace` document (docs/output.md). */
export function traceDocument(
  repository: Repository,
  request: TraceRequest,
  literals: SensitiveLiterals,
): TraceResult {
  const stack = repository.stacks.find(({ name }) => name === request.stack);
  const instances = stack?.evaluation.instances ?? new Map<string, ResourceInstance>();
  const target = readTarget(request);
  if (typeof target === "string") return unknownTarget(request, target);
  const instance = instances.get(target.address);
  if (instance === undefined) {
    const hint = didYouMean(target.address, instances.keys());
    return unknownTarget(request, `the code has no instance ${target.address}${hint}`);
  }
  const { path } = target;
  const secret = instance.isSensitive(path);
  const wanted = request.to === null ? undefined : parseJson(request.to);
  const document = {
    schema: 1,
    address: instance.name,
    path: printPath(path),
    value: secret ? MASK : (instance.at(path) ?? null),
    chain: traceValue(instance, path, wanted).map(({ kind, range }) => {
      return { kind, ...placeOf(range), text: secret ? MASK : shortText(range, literals) };
    }),
  };
  const remark = unknownAttribute(instance, path);
  if (wanted === undefined) return { document, unknown: null, remark };
  return {
    document: {
      ...document,
      edits: editsOf(repository, request.stack, { instance, path, wanted }, literals),
    },
    unknown: null,
    remark,
  };
}

/** A sentence where nothing at hand has the attribute that a path starts with; null where something has it. */
function unknownAttribute(
  { name, block, recorded, address }: ResourceInstance,
  [first]: Path,
): string | null {
  const written = block.body.items.map((item) => {
    if (item.kind === "attribute") return item.name;
    return item.type === "dynamic" ? (item.labels[0]?.value ?? "") : item.type;
  });
  const names = new Set([
    ...written,
    ...Object.keys(recorded?.attributes ?? {}),
    ...knownAttributes(address.type),
  ]);
  if (typeof first !== "string" || names.has(first)) return null;
  const where = recorded === null ? "the code has" : "neither the code nor the state has";
  return `${where} ${recorded === null ? "no" : "an"} attribute ${JSON.stringify(first)} of ${name}${didYouMean(first, names)}`;
}

function readTarget(request: TraceRequest): { address: string; path: Path } | string {
  try {
    return { address: printAddress(parseAddress(request.address)), path: parsePath(request.path) };
  } catch (error) {
    if (error instanceof AddressError || error instanceof PathError) return error.message;
    throw error;
  }
}

function unknownTarget({ address, path, to }: TraceRequest, why: string): TraceResult {
  const refused = {
    file: null,
    line: null,
    before: null,
    after: null,
    diff: "",
    effects: [],
    verdict: "refused",
    why,
  };
  const document = { schema: 1, address, path, value: null, chain: [] };
  return { document: to === null ? document : { ...document, edits: [refused] }, unknown: why, remark: null };
}

interface WantedValue {
  readonly instance: ResourceInstance;
  readonly path: Path;
  readonly wanted: Json;
}

function editsOf(
  repository: Repository,
  stack: string,
  { instance, path, wanted }: WantedValue,
  literals: SensitiveLiterals,
): Json {
  const { proven, refusal } = findAdoptions(repository, {
    stack,
    address: instance.name,
    changes: [{ path, wanted: { value: wanted } }],
    ownMaps: true,
  });
  const offered = fromConfirmed(proven);
  if (offered.length === 0)
    return [refusedEdit({ instance, path, wanted }, refusal ?? UNCONFIRMED, literals)];
  const shown = offered.map((edit) => ({ edit, ...shownDiff(repository, edit.adoption.files, literals) }));
  const [first] = shown;
  const open = shown.filter(({ hidden }) => hidden === null);
  if (open.length === 0)
    return [refusedEdit({ instance, path, wanted }, hiddenLine(first?.hidden ?? null), literals)];
  return open.map(({ edit: { adoption, edits, texts }, diff }) => {
    const file = adoption.files[0]?.path ?? "";
    const text = repository.files.get(file)?.file.text ?? "";
    const { before, after } = mainEdit({ path: file, text }, edits, literals.get(file) ?? []);
    return {
      file,
      line: firstChangedLine(text, texts.get(file) ?? text),
      before,
      after,
      diff,
      effects: adoption.effects.map(({ stack: name, ...effect }) =>
        name !== undefined && repository.stacks.length > 1 ? { stack: name, ...effect } : effect,
      ),
      verdict: adoption.verdict,
      why: adoption.why,
    };
  });
}

interface ShownDiff {
  readonly diff: string;
  /** A line whose change may not be shown, so that the diff does not apply. */
  readonly hidden: string | null;
}

function shownDiff(
  repository: Repository,
  files: readonly { readonly path: string; readonly diff: string }[],
  literals: SensitiveLiterals,
): ShownDiff {
  const parts = files.map(({ path, diff }) => {
    const old = repository.files.get(path)?.file.text ?? "";
    const masked = maskedDiff(diff, old, literals.get(path) ?? []);
    return { diff: masked.diff, hidden: masked.hidden === null ? null : `${path}:${masked.hidden}` };
  });
  const hidden = parts.find((part) => part.hidden !== null)?.hidden ?? null;
  return { diff: parts.map(({ diff }) => diff).join(""), hidden };
}

function hiddenLine(place: string | null): string {
  return `the edit changes ${place ?? "a line"}, which holds a secret, so it is not shown; edit that line by hand`;
}

/** The source text that the first edit of a file replaces; edits that only align others aside. */
function mainEdit(
  { path, text }: SourceFile,
  edits: readonly Edit[],
  spans: readonly Span[],
): { readonly before: string; readonly after: string } {
  const own = edits.filter((edit) => edit.file === path).toSorted((a, b) => a.start - b.start);
  const texts = own.map((edit) => ({
    before: maskedSlice(text, edit, spans),
    after: maskedCopies(
      edit.text,
      text,
      spans.filter(({ start, end }) => start < edit.end && end > edit.start),
    ),
  }));
  const found = texts.find(({ before, after }) => /\S/.test(before + after)) ?? texts[0];
  return { before: (found?.before ?? "").trim(), after: (found?.after ?? "").trim() };
}

/** No edit: what decides the value, and what is wanted in its place. */
function refusedEdit(
  { instance, path, wanted }: WantedValue,
  why: string | null,
  literals: SensitiveLiterals,
): Json {
  const secret = instance.isSensitive(path);
  const last = traceValue(instance, path, wanted).at(-1);
  const range = last?.range ?? instance.block;
  const { file, line } = placeOf(range);
  const isWritten = last !== undefined && last.kind !== "absent" && last.kind !== "ignored";
  const before = isWritten ? shortText(range, literals) : "";
  const after = valueText(range, wanted);
  const texts = secret ? { before: MASK, after: MASK } : { before, after };
  return { file, line, ...texts, diff: "", effects: [], verdict: "refused", why };
}

/** What is written in a range; of long texts the first line. */
function shortText(range: Range, literals: SensitiveLiterals): string {
  const { file, start, end } = range;
  const spans = literals.get(file.path) ?? [];
  if (end - start <= LONGEST_TEXT) return maskedSlice(file.text, { start, end }, spans);
  return maskedSlice(file.text, lineAround(file.text, start), spans).trim();
}

function lineAround(text: string, at: number): Span {
  const end = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at - 1) + 1, end: end === -1 ? text.length : end };
}
