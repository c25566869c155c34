import { afterAll, describe, expect, test } from "vitest";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { awsEnvironment, CODE, modelAsRecorded, SCOPE, stateOf, Workplace } from "./command.ts";

let server: EmbeddedAws | null = null;
const places: Workplace[] = [];

afterAll(async () => {
  for (const place of places) place.remove();
  await server?.close();
});

const UNKNOWN = "Nothing could be compared in 1 stack: whether it has drifted is not known.";

function placeOf(code: string, state: string): Workplace {
  const place = new Workplace({ "main.tf": code, "terraform.tfstate": state });
  places.push(place);
  return place;
}

const google = () =>
  placeOf(
    'resource "google_compute_instance" "a" {\n  name = "x"\n}\n',
    stateOf(3, {
      resources: [
        {
          mode: "managed",
          type: "google_compute_instance",
          name: "a",
          provider: 'provider["registry.terraform.io/hashicorp/google"]',
          instances: [{ schema_version: 0, attributes: { name: "x", id: "projects/p/zones/z/instances/x" } }],
        },
      ],
    }),
  );

describe("a stack of which no type can be compared", () => {
  test("--cloud aws: nothing is said to agree, and what the document and the exit code say stays", async () => {
    server ??= await startAws({ ...SCOPE, model: modelAsRecorded() });
    const run = await google().run(["scan", "--cloud", "aws"], awsEnvironment(server));
    expect(run.said).toContain(UNKNOWN);
    expect(run.said).toContain("not compared with the cloud: google_compute_instance");
    expect(run.said).not.toContain("No drift");
    expect(run.code).toBe(0);
    const { stdout } = await google().run(["scan", "--cloud", "aws", "--json"], awsEnvironment(server));
    expect(JSON.parse(stdout).stacks).toMatchObject([
      { status: "complete", coverage: { instances: 1, instancesRead: 0, compared: 0 }, findings: [] },
    ]);
  });

  test("without a cloud: no cloud is advised that cannot help", async () => {
    const { code, said } = await google().run(["scan"]);
    expect(said).toMatch(
      /no type of this stack can be compared with a cloud yet \(google_compute_instance\)/,
    );
    expect(said).not.toContain("--cloud aws");
    expect(said).toContain(UNKNOWN);
    expect(said).not.toContain("No drift");
    expect(code).toBe(1);
  });
});

test("a stack that AWS has: without a cloud that is advised, and nothing is said to agree", async () => {
  const { code, said } = await placeOf(CODE, stateOf()).run(["scan"]);
  expect(said).toMatch(/no cloud was read.*add --cloud aws to see what really runs/);
  expect(said).toContain(UNKNOWN);
  expect(said).not.toContain("No drift");
  expect(code).toBe(1);
});
