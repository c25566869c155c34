import { describe, expect, it, test } from "vitest";
import type { Change } from "../../src/drift/model.ts";
import type { DecidingRequest, Lines } from "../../src/engine/api.ts";
import type { Path } from "../../src/json/path.ts";
import type { Stretch } from "../../src/scan/changed-lines.ts";
import { TouchedDrift, touchedPlaces } from "../../src/scan/touched-places.ts";

const INSTANCE = { stack: "shop", address: "aws_instance.web", paths: [["tags", "a.b"], ["disk"]] };

async function placesOf(deciding: readonly Lines[], changed: Readonly<Record<string, readonly Stretch[]>>) {
  const asked: DecidingRequest[] = [];
  const engine = {
    deciding: async (request: DecidingRequest) => {
      asked.push(request);
      return deciding;
    },
  };
  const found = await touchedPlaces(engine, INSTANCE, { of: (file) => changed[file] ?? [] });
  return { asked, found: found.map(({ file, from, to }) => `${file}:${from}-${to}`) };
}

const at = (file: string, from: number, to = from): Lines => ({ file, from, to });

describe("the places that a change touches", () => {
  test.each<readonly [string, readonly Lines[], readonly Stretch[], readonly string[]]>([
    ["are the changed lines that decide", [at("a.tf", 2), at("a.tf", 7)], [{ from: 7, to: 9 }], ["a.tf:7-7"]],
    ["are none where nothing that decides has changed", [at("a.tf", 2)], [{ from: 3, to: 3 }], []],
    ["are none in files that are as they were", [at("b.tf", 2)], [{ from: 2, to: 2 }], []],
    [
      "are a part of a long text",
      [at("a.tf", 2, 20)],
      [
        { from: 1, to: 3 },
        { from: 9, to: 9 },
      ],
      ["a.tf:2-3", "a.tf:9-9"],
    ],
    [
      "are the changed lines of a whole file",
      [at("a.tf", 1, Number.MAX_SAFE_INTEGER)],
      [{ from: 4, to: 5 }],
      ["a.tf:4-5"],
    ],
    [
      "come together where they touch",
      [at("a.tf", 3), at("a.tf", 1, 2), at("a.tf", 2, 3)],
      [{ from: 1, to: 9 }],
      ["a.tf:1-3"],
    ],
  ])("%s", async (_what, deciding, changed, expected) => {
    const { found } = await placesOf(deciding, { "a.tf": changed });
    expect(found).toEqual(expected);
  });

  it("are those of the drifted values where the change touches these, else of the instance; each asked for once", async () => {
    const asked: string[][] = [];
    const engine = {
      deciding: async ({ paths }: DecidingRequest) => {
        asked.push([...paths]);
        return paths.map((path) => at("a.tf", path === "size" ? 3 : 5));
      },
    };
    const drift = new TouchedDrift(engine, "shop", { of: () => [{ from: 1, to: 9 }] });
    const touched = [["size"], ["tags", "Team"]];
    const linesOf = async (...paths: Path[]) => {
      const changes = paths.map((path) => ({ path })) as unknown as readonly Change[];
      return (await drift.of({ address: "aws_instance.web", changes }, touched)).map(({ from }) => from);
    };
    expect(await linesOf(["size"])).toEqual([3]);
    expect(await linesOf(["tags"])).toEqual([5]);
    expect(await linesOf(["disk"])).toEqual([3, 5]);
    expect(await linesOf()).toEqual([3, 5]);
    expect(asked).toEqual([["size"], ["tags.Team"], ["size", "tags.Team"]]);
  });

  it("are asked for with paths as text", async () => {
    const { asked } = await placesOf([], {});
    expect(asked).toEqual([{ stack: "shop", address: "aws_instance.web", paths: ['tags["a.b"]', "disk"] }]);
  });
});
