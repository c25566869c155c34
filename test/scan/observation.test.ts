import { describe, expect, test } from "vitest";
import type { InstanceOverview } from "../../src/engine/api.ts";
import { identitiesOf, wantedOf } from "../../src/scan/observation.ts";
import { idsKnownTo } from "../../src/scan/open-stack.ts";
import { declaredInstance } from "./declared-instance.ts";

function instance(parts: Partial<InstanceOverview>): InstanceOverview {
  return { ...declaredInstance("aws_instance.x", { instance_type: "t3.small" }), sensitive: [], ...parts };
}

function wanted(parts: Partial<InstanceOverview>) {
  const instances = [instance(parts)];
  return wantedOf(instances, identitiesOf(instances));
}

describe("what is looked for in the cloud", () => {
  test("nothing that only the code has", () => {
    expect(wanted({})).toEqual([]);
  });

  test("what an import block names, although nothing of it is recorded", () => {
    expect(wanted({ importId: "i-1" })).toEqual([
      {
        address: "aws_instance.x",
        type: "aws_instance",
        id: "i-1",
        account: null,
        region: null,
        recorded: {},
        declared: ["instance_type"],
      },
    ]);
  });

  test.each<[string, Partial<InstanceOverview>, object]>([
    ["with the id", { importId: "i-1@eu-west-1" }, { id: "i-1", region: "eu-west-1" }],
    [
      "with a zone in the code",
      { importId: "i-1", desired: { availability_zone: "eu-west-1b" } },
      { region: "eu-west-1" },
    ],
    [
      "with a region in the code",
      { importId: "i-1", desired: { region: "eu-west-2" } },
      { region: "eu-west-2" },
    ],
  ])("in the region that is given %s", (_, parts, expected) => {
    expect(wanted(parts)).toMatchObject([expected]);
  });

  test.each(["aws_security_group_rule", "google_compute_instance"])(
    "no %s: its import id is no id",
    (type) => {
      expect(wanted({ type, importId: "sg-1_ingress_tcp_22_22_10.0.0.0/8" })).toEqual([]);
    },
  );

  test("what is to be imported is not unmanaged", () => {
    const overview = {
      name: "main",
      state: null,
      diagnostics: [],
      instances: [instance({ importId: "i-1" })],
      damaged: [],
      secrets: [],
      broken: [],
      root: ".",
      files: [],
    };
    expect([...idsKnownTo([overview])]).toEqual(["i-1"]);
  });
});
