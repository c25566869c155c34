import { cp, mkdtemp, readdir, readFile, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseState } from "../../src/terraform/state/state.ts";
import { modelOfState } from "./aws/from-state.ts";
import type { AwsModel } from "./aws/model.ts";

/** `examples/shop`: the repository that the demo and the end-to-end tests work on. */
export const SHOP_FOLDER = fileURLToPath(new URL("../../examples/shop/", import.meta.url));

/** Where the example's states say that everything runs. */
export const SHOP_SCOPE = { account: "123456789012", region: "eu-west-1" };

/** A new temporary folder. The caller removes it. */
export async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), "driftwright-")));
}

/** Copies the example to a folder, where it may be changed; gives the folder. */
export async function copyShop(folder: string): Promise<string> {
  await cp(SHOP_FOLDER, folder, { recursive: true });
  return folder;
}

/** The files of the example, as they are in a repository. */
export async function shopFiles(): Promise<Record<string, string>> {
  const entries = await readdir(SHOP_FOLDER, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [relative(SHOP_FOLDER, file), await readFile(file, "utf8")] as const),
    ),
  );
}

/** The same without a dashboard. */
export async function shopWithoutDashboard(): Promise<Record<string, string>> {
  const path = ".github/driftwright.yml";
  const { [path]: config = "", ...files } = await shopFiles();
  return { ...files, [path]: config.replace("version: 1", "version: 1\ndashboard: false") };
}

/** An AWS in which everything is as the example's states recorded it. */
export async function shopModel(): Promise<AwsModel> {
  const states = await Promise.all(["prod.tfstate", "staging.tfstate"].map(readStateFile));
  return modelOfState(states.flat());
}

async function readStateFile(name: string): Promise<Parameters<typeof modelOfState>[0]> {
  const { instances } = parseState(await readFile(join(SHOP_FOLDER, name), "utf8"), name);
  return instances.map(({ parts, attributes }) => ({ type: parts.type, attributes }));
}

/** Id of the instance with a name, as the `Name` tag has it. */
export function instanceIdOf(model: AwsModel, name: string): string {
  return idOf(model.instances, ({ tags }) => tags.get("Name") === name, name);
}

export function groupIdOf(model: AwsModel, name: string): string {
  return idOf(model.groups, (group) => group.name === name, name);
}

function idOf<T>(resources: ReadonlyMap<string, T>, is: (resource: T) => boolean, name: string): string {
  for (const [id, resource] of resources) if (is(resource)) return id;
  throw new Error(`the example has nothing called ${name}`);
}
