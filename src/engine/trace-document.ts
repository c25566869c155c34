import { sourceLine, textOf } from "../hcl/source.ts";
import { didYouMean } from "../hcl/suggestion.ts";
import { type Json, parseJson } from "../json/json.ts";
import { type Path, PathError, parsePath, printPath } from "../json/path.ts";
import { findAdoptions } from "../reconcile/adoption.ts";
import type { Repository } from "../reconcile/what-if.ts";
import { AddressError, parseAddress, printAddress } from "../terraform/address.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { traceValue } from "../terraform/trace.ts";
import { MASK } from "../terraform/value-json.ts";
import type { TraceRequest, TraceResult } from "./api.ts";
import { placeOf } from "./places.ts";

const LONGEST_TEXT = 400;

/** The `trace` document of the contract. */
export function traceDocument(repository: Repository, request: TraceRequest): TraceResult {
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
  const document = {
    schema: 1,
    address: instance.name,
    path: printPath(path),
    value: secret ? MASK : (instance.at(path) ?? null),
    chain: traceValue(instance, path).map(({ kind, range }) => {
      const text = range.end - range.start > LONGEST_TEXT ? sourceLine(range).trim() : textOf(range);
      return { kind, ...placeOf(range), text: secret ? MASK : text };
    }),
  };
  if (request.to === null) return { document, unknown: null };
  const wanted = parseJson(request.to);
  return {
    document: { ...document, edits: editsOf(repository, request.stack, instance, path, wanted) },
    unknown: null,
  };
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
  return { document: to === null ? document : { ...document, edits: [refused] }, unknown: why };
}

function editsOf(
  repository: Repository,
  stack: string,
  instance: ResourceInstance,
  path: Path,
  wanted: Json,
): Json {
  const secret = instance.isSensitive(path);
  const { proven, refusal } = findAdoptions(repository, {
    stack,
    address: instance.name,
    changes: [{ path, wanted: { value: wanted } }],
  });
  const last = traceValue(instance, path).at(-1)?.range ?? instance.block;
  if (proven.length === 0) {
    const { file, line } = placeOf(last);
    const before = secret ? MASK : (instance.at(path) ?? null);
    const after = secret ? MASK : wanted;
    return [{ file, line, before, after, diff: "", effects: [], verdict: "refused", why: refusal }];
  }
  return proven.map(({ adoption, edits }) => {
    const [first] = edits.toSorted((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start,
    );
    const text = first === undefined ? "" : (repository.files.get(first.file)?.file.text ?? "");
    return {
      file: first?.file ?? null,
      line: first === undefined ? null : lineOf(text, first.start),
      before: first === undefined ? "" : text.slice(first.start, first.end),
      after: first?.text ?? "",
      diff: adoption.files.map(({ diff }) => diff).join(""),
      effects: adoption.effects.map((effect) => ({ ...effect })),
      verdict: adoption.verdict,
      why: adoption.why,
    };
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
