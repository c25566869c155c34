import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addVpc, emptyModel } from "./aws/model.ts";
import { findingsOf } from "./contract.ts";
import { SHOP_SCOPE } from "./shop.ts";
import { stageFor, summary } from "./stage.ts";
import { stateText } from "./state-text.ts";

const CODE = `resource "aws_vpc" "runs" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "gone" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "planned" {
  cidr_block = "10.2.0.0/16"
}

import {
  to = aws_vpc.runs
  id = "vpc-0a0a0a0a0a0a0a0a0"
}

import {
  to = aws_vpc.gone
  id = "vpc-0b0b0b0b0b0b0b0b0"
}
`;

describe("a scan of code that imports", () => {
  const stage = stageFor(async (folder) => {
    await writeFile(join(folder, "main.tf"), CODE);
    await writeFile(join(folder, "terraform.tfstate"), stateText([]));
    const model = emptyModel();
    addVpc(model, { id: "vpc-0a0a0a0a0a0a0a0a0", cidr: "10.0.0.0/16" });
    return model;
  });

  it("tells what runs and waits for its import from what is still to be created", async () => {
    const { document } = await stage.scanJson("--dir", stage.folder);
    expect(summary(document)).toEqual([
      "pending-create aws_vpc.gone",
      "pending-create aws_vpc.planned",
      "needs-import aws_vpc.runs",
    ]);
    expect(findingsOf(document)[2]).toMatchObject({
      resource: { type: "aws_vpc", id: "vpc-0a0a0a0a0a0a0a0a0", ...SHOP_SCOPE },
      changes: [],
    });
    expect(document.stacks[0]).toMatchObject({ status: "complete" });
  });
});
