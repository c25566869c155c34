import { expect, it } from "vitest";
import { reconcile } from "../../src/scan/reconciliation.ts";
import { engines, openOne } from "../engine/engines.ts";
import { change, finding } from "../intent/findings.ts";

const start = engines();

const CODE = `resource "aws_instance" "web" {
  ami = "ami-1"
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_eip" "web" {
  instance = aws_instance.web.id
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [aws_instance.web.ami]
  }
}
`;

it("tells in the plan what the lifecycle blocks of an instance and of those around it do to its replacement", async () => {
  const engine = start({ "main.tf": CODE });
  const overview = await openOne(engine);
  const plan = {
    name: ".",
    path: ".",
    environment: null,
    workspace: "default",
    settings: [],
    varFiles: [],
    vars: {},
    sensitiveVars: new Set<string>(),
    state: { kind: "none" as const },
  };
  const request = { name: ".", root: ".", settings: [], workspace: "default", state: null };
  const stack = { plan, source: null, request, stateWrittenAt: null, locked: false, overview };
  const replaced = finding({
    address: "aws_instance.web",
    changes: [change("ami", { desired: { known: "ami-1" }, observed: { known: "ami-2" } })],
  });
  const evaluating = { engine, restart: () => expect.fail("nothing ended the engine") };
  const [found] = await reconcile(evaluating, stack, [replaced], new Map());
  const last = found?.revert?.steps.at(-1);
  expect(last?.impact).toBe("replace");
  expect(last?.title).toContain(
    "Terraform creates a new resource with a new id and destroys this one then. prevent_destroy forbids that",
  );
  expect(last?.title).toContain("it replaces aws_eip.web too (replace_triggered_by)");
});
