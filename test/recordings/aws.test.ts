import { EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, test, vi } from "vitest";
import { createAwsInventory } from "../../src/inventory/aws/inventory.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { compareLive, wantedOf } from "../inventory/aws/truths.ts";
import { type Recording, recordings } from "./recording.ts";

const all = recordings();
/** The calls that list covered resources: a recording without one of them says nothing about these. */
const LISTS = ["DescribeInstances", "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"];
const telling = all.filter(
  ({ answers, resources }) => wantedOf(resources).length > 0 && LISTS.some((name) => answers.has(name)),
);

if (all.length === 0) {
  console.log("The folder ../shared/recordings/aws is absent beside this checkout: no recording was tested.");
  test.skip("recordings: the folder ../shared/recordings/aws is absent beside this checkout", () =>
    undefined);
}

describe.runIf(all.length > 0)(
  "nothing was changed between apply and recording, so nothing may be found",
  () => {
    test.each(telling.map((recording) => [recording.name, recording] as const))(
      "%s",
      async (name, recording) => {
        replay(recording);
        const wanted = wantedOf(recording.resources);
        const { findings, coverage } = await compareLive(inventory(), wanted, "found");
        const drift = findings.filter((finding) => finding.kind !== "unreadable");
        expect(drift.map(({ address, kind, changes }) => ({ address, kind, changes }))).toEqual([]);
        console.log(
          `${name}: ${coverage.instances} of ${wanted.length} resources are in the answers, ` +
            `${coverage.compared} attributes compared`,
        );
      },
    );

    test("and what differs would be found", async () => {
      const types: string[] = [];
      for (const recording of telling) {
        replay(recording);
        const tampered = recording.resources.map((each) => ({
          ...each,
          attributes: { ...each.attributes, tags: { tampered: "yes" }, tags_all: { tampered: "yes" } },
        }));
        const { findings, coverage } = await compareLive(inventory(), wantedOf(tampered), "found");
        const drifted = new Set(findings.filter((each) => each.kind === "drift").map((each) => each.address));
        expect(drifted.size, recording.name).toBe(coverage.instances);
        types.push(...findings.map((finding) => finding.resource.type));
      }
      const covered = ["aws_instance", "aws_security_group", "aws_subnet", "aws_vpc"];
      expect(types).toEqual(expect.arrayContaining(covered));
    });
  },
);

function inventory() {
  return createAwsInventory({ region: "us-east-1", maxAttempts: 1 });
}

interface SdkCommand {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/** Lets the real inventory talk to the recorded answers: whatever it asks that was not recorded is refused. */
function replay(recording: Recording): void {
  const send = async (command: SdkCommand): Promise<JsonObject> => {
    const operation = command.constructor.name.replace(/Command$/, "");
    const answers = recording.answers.get(operation) ?? [];
    const isSingle = operation.endsWith("Attribute");
    const answer = isSingle ? attributeAnswer(answers, command.input) : merged(answers);
    if (answer !== undefined) return answer;
    throw Object.assign(new Error("not recorded"), { name: "UnauthorizedOperation" });
  };
  vi.spyOn(EC2Client.prototype, "send").mockImplementation(send as never);
}

/** All items of all answers: the inventory picks by id. */
function merged(answers: readonly JsonObject[]): JsonObject | undefined {
  if (answers.length === 0) return undefined;
  const entries = answers.flatMap((answer) => Object.entries(answer));
  const lists = Map.groupBy(
    entries.filter(([, value]) => Array.isArray(value)),
    ([name]) => name,
  );
  return Object.fromEntries(
    [...lists].map(([name, each]) => [name, each.flatMap(([, value]) => value as readonly Json[])]),
  );
}

/** The answer about one attribute of one resource. */
function attributeAnswer(answers: readonly JsonObject[], input: object): JsonObject | undefined {
  const asked = new Map(Object.entries(input));
  const id = asked.get("InstanceId") ?? asked.get("VpcId");
  const attribute = String(asked.get("Attribute"));
  const field = attribute.charAt(0).toUpperCase() + attribute.slice(1);
  return answers.find(
    (answer) => (answer["InstanceId"] ?? answer["VpcId"]) === id && Object.hasOwn(answer, field),
  );
}
