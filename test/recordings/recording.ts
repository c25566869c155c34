import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../src/json/json.ts";
import type { StateResource } from "../inventory/aws/truths.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/recordings/aws/", import.meta.url));

/** What a real account held right after `terraform apply`, as Terraform recorded it and as the API answered. */
export interface Recording {
  readonly name: string;
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly attributes: JsonObject;
  }[];
  /** The EC2 answers by operation, in the SDK's shape. */
  readonly answers: ReadonlyMap<string, readonly JsonObject[]>;
}

/** All recordings there are; none where the folder beside the checkout is absent. */
export function recordings(): readonly Recording[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, "state.json")))
    .map((name) => ({ name, resources: resourcesOf(name), answers: answersOf(name) }));
}

function resourcesOf(name: string): readonly StateResource[] {
  const state = parseJson(readFileSync(join(FOLDER, name, "state.json"), "utf8"));
  return entriesOf(state).flatMap(([type, named]) =>
    entriesOf(named).flatMap(([each, attributes]) =>
      isJsonObject(attributes) ? [{ type, name: each, attributes }] : [],
    ),
  );
}

function answersOf(name: string): ReadonlyMap<string, readonly JsonObject[]> {
  const folder = join(FOLDER, name, "api");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const answers = files.flatMap((file) => {
    const operation = /^ec2\.(\w+?)_\d+\.json$/.exec(file)?.[1];
    const answer = parseJson(readFileSync(join(folder, file), "utf8"));
    const data = isJsonObject(answer) ? answer["data"] : undefined;
    return operation === undefined || !isJsonObject(data) ? [] : [[operation, data] as const];
  });
  return new Map(
    [...Map.groupBy(answers, ([operation]) => operation)].map(([operation, all]) => [
      operation,
      all.map(([, data]) => data),
    ]),
  );
}

function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isJsonObject(value) ? Object.entries(value) : [];
}
