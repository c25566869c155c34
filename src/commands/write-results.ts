import type { StackResult } from "../drift/model.ts";
import type { FilesOptions } from "../reports/files.ts";
import type { ScanResult } from "../scan/scan.ts";
import type { Checkout } from "../sources/checkout.ts";
import { writeReports } from "./reports-folder.ts";
import { NotWritten, writeEdits } from "./write-edits.ts";

export interface WriteOptions {
  /** Where the edits are applied; null: nowhere. */
  readonly root: string | null;
  /** Where the reports are written; null: nowhere. */
  readonly out: string | null;
  readonly checkout: Checkout;
  readonly isConfigBroken: boolean;
  readonly reports: Omit<FilesOptions, "checkRuns">;
}

/** What was written, for people; `failed` where something was to be written and could not be. */
export interface Written {
  readonly messages: readonly string[];
  readonly failed: boolean;
}

/** Writes what was asked for: the edits into the working tree, the reports into their folder. */
export async function writeResults(
  result: ScanResult,
  stacks: readonly StackResult[],
  options: WriteOptions,
): Promise<Written> {
  const { root, out, checkout, reports } = options;
  if (root === null && out === null) return { messages: [], failed: false };
  if (options.isConfigBroken) {
    return { messages: ["nothing is written while the configuration has errors"], failed: true };
  }
  const messages: string[] = [];
  try {
    if (root !== null) messages.push(...(await writeAdopted(result, root, checkout)));
    if (out !== null) {
      const count = await writeReports(out, stacks, reports);
      messages.push(`wrote ${count === 1 ? "1 file" : `${count} files`} to ${out}`);
    }
    return { messages, failed: false };
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    return { messages: [...messages, `error: ${error.message}`], failed: true };
  }
}

async function writeAdopted(
  { adopted, stacks }: ScanResult,
  root: string,
  checkout: Checkout,
): Promise<string[]> {
  const named = new Map(
    stacks.flatMap(({ name, findings }) =>
      findings.map(({ fingerprint, address }) => {
        return [fingerprint, stacks.length > 1 ? `${name}: ${address}` : address] as const;
      }),
    ),
  );
  const left = adopted.left.map(
    ({ fingerprint, why }) => `not adopted: ${named.get(fingerprint) ?? fingerprint}: ${why}`,
  );
  await writeEdits(root, checkout, adopted.files);
  return adopted.files.length === 0
    ? [...left, "nothing to write: no rule judged a drift intentional that can be adopted"]
    : [...left, ...adopted.files.map(({ path }) => `wrote ${path}`)];
}
