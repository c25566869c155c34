import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { AwsModel } from "./aws/model.ts";
import { type EmbeddedAws, startAws } from "./aws/server.ts";
import { type CliRun, driftwright, pointedAt } from "./cli.ts";
import { findingsOf, readScanDocument, type ScanDocument } from "./contract.ts";
import { SHOP_SCOPE, temporaryFolder } from "./shop.ts";

/** What a test of the command line has: a folder with a repository, and an AWS on loopback. */
export interface Stage {
  /** The repository, in a folder of the test's own. */
  readonly folder: string;
  /** A further folder, outside of the repository. */
  readonly elsewhere: string;
  readonly aws: EmbeddedAws;
  readonly model: AwsModel;
  /** `driftwright scan --cloud aws` in a process of its own. */
  scan(...args: string[]): Promise<CliRun>;
  /** The same with `--json`; the document is checked against the contract. */
  scanJson(...args: string[]): Promise<{ readonly code: number | null; readonly document: ScanDocument }>;
  /** Changes a file of the repository. */
  edit(file: string, change: (text: string) => string): Promise<void>;
}

const READING = /^(?:Describe[A-Za-z]+|GetCallerIdentity)$/;

/**
 * A stage for each test of a file: `prepare` writes the repository into the folder and gives what runs in the cloud.
 * Whatever a test does, it fails if anything but reading was asked of the cloud.
 */
export function stageFor(prepare: (folder: string) => Promise<AwsModel>): Stage {
  const set: { folder: string; elsewhere: string; aws: EmbeddedAws | null } = {
    folder: "",
    elsewhere: "",
    aws: null,
  };
  const aws = () => {
    if (set.aws === null) throw new Error("a stage can be used inside of tests only");
    return set.aws;
  };
  beforeEach(async () => {
    set.folder = await temporaryFolder();
    set.elsewhere = await temporaryFolder();
    set.aws = await startAws({ ...SHOP_SCOPE, model: await prepare(set.folder) });
  });
  afterEach(async () => {
    const { requests, unexpected } = aws();
    await aws().close();
    for (const folder of [set.folder, set.elsewhere]) await rm(folder, { recursive: true, force: true });
    expect(unexpected).toEqual([]);
    expect(requests.map(({ action }) => action).filter((action) => !READING.test(action))).toEqual([]);
  });
  const scan = (...args: string[]) =>
    driftwright(["scan", "--cloud", "aws", ...args], pointedAt(aws().url, SHOP_SCOPE.region));
  return {
    get folder() {
      return set.folder;
    },
    get elsewhere() {
      return set.elsewhere;
    },
    get aws() {
      return aws();
    },
    get model() {
      return aws().model;
    },
    scan,
    async scanJson(...args) {
      const { code, stdout } = await scan("--json", ...args);
      return { code, document: readScanDocument(stdout) };
    },
    async edit(file, change) {
      const path = join(set.folder, file);
      await writeFile(path, change(await readFile(path, "utf8")));
    },
  };
}

/** `kind address: path path` of each finding. */
export function summary(document: ScanDocument): string[] {
  return findingsOf(document).map(({ kind, address, changes }) =>
    `${kind} ${address}: ${changes.map(({ path }) => path).join(" ")}`.replace(/: $/, ""),
  );
}

/** Every file below a folder with its text. */
export async function contentsOf(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.sort().map(async (file) => [file, await readFile(file, "utf8")] as const)),
  );
}
