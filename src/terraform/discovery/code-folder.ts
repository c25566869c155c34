import type { Diagnostic } from "../../hcl/syntax/source.ts";
import type { Block, Body } from "../../hcl/syntax/syntax.ts";
import { type Backend, readBackend } from "../code/backend-block.ts";
import { literalText } from "../code/literal.ts";
import { attributeOf, blocksOf } from "../code/module.ts";
import { codeFiles } from "../source/file-names.ts";
import type { Folder } from "../source/folder-walk.ts";
import type { ParsedFiles } from "../source/parsed-files.ts";
import { joinPath } from "../source/snapshot.ts";

/** What can be said of one folder's Terraform code without evaluating it. */
export interface CodeFolder {
  readonly path: string;
  readonly backend: Backend | null;
  /** Folders that its module blocks call. */
  readonly calls: readonly string[];
  /** Local names of the providers that its blocks name, or that its resources are called after. */
  readonly providers: readonly string[];
  /** Why parts of it could not be read: a backend there would go unseen. */
  readonly unreadable: readonly Diagnostic[];
}

/** Reads the Terraform files directly in a folder; one of more than `maxBytes` bytes is left out and reported. */
export function readCodeFolder(files: ParsedFiles, folder: Folder, maxBytes: number): CodeFolder {
  let backend: Backend | null = null;
  const calls = new Set<string>();
  const providers = new Set<string>();
  const unreadable: Diagnostic[] = [];
  for (const name of codeFiles(folder.files)) {
    const path = joinPath(folder.path, name) ?? name;
    const size = files.snapshot.read(path)?.length ?? 0;
    const source = size > maxBytes ? null : files.get(path);
    if (source === null) {
      const why =
        size > maxBytes
          ? `has ${size} bytes, more than the ${maxBytes} that are read`
          : "cannot be read as UTF-8 text";
      unreadable.push({ severity: "error", message: `${path} ${why}`, range: null });
      continue;
    }
    const { body, diagnostics } = source.parsed;
    unreadable.push(...diagnostics.filter(({ severity }) => severity === "error").slice(0, 1));
    backend = readBackend(body) ?? backend;
    for (const call of blocksOf(body, "module")) {
      const called = calledFolder(call, folder.path);
      if (called !== null && called !== folder.path) calls.add(called);
    }
    for (const name of providersIn(body)) providers.add(name);
  }
  return { path: folder.path, backend, calls: [...calls], providers: [...providers], unreadable };
}

function providersIn(body: Body): string[] {
  const named = blocksOf(body, "provider").flatMap(({ labels: [name] }) => name?.value ?? []);
  const typed = [...blocksOf(body, "resource"), ...blocksOf(body, "data")].flatMap(
    ({ labels: [type] }) => /^[^_]+/.exec(type?.value ?? "") ?? [],
  );
  return [...named, ...typed];
}

/** The folder that a local module source names; null for sources elsewhere and for folders out of the root. */
function calledFolder(call: Block, caller: string): string | null {
  const given = attributeOf(call.body, "source");
  const source = given === null ? undefined : literalText(given.value);
  return source !== undefined && /^\.\.?(?:\/|$)/.test(source) ? joinPath(caller, source) : null;
}
