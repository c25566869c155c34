import { join } from "node:path";
import type { JudgedFinding } from "../../../src/drift/model.ts";
import { createAwsInventory } from "../../../src/inventory/aws/inventory.ts";
import { printPath } from "../../../src/json/path.ts";
import { Redaction } from "../../../src/reports/redaction.ts";
import { renderScan } from "../../../src/reports/terminal.ts";
import type { ScanResult } from "../../../src/scan/scan.ts";
import { startAws } from "../aws/server.ts";
import { copyShop, SHOP_SCOPE, shopModel } from "../shop.ts";
import type { Claim } from "./claim.ts";
import { resizeTheApi } from "./console.ts";
import type { Page } from "./page.ts";
import { openRepository, scanRepository, writeAdopted } from "./repository.ts";

export interface CheckoutOutcome {
  readonly claims: readonly Claim[];
  /** What code and states hold and nobody may see. */
  readonly secrets: readonly string[];
}

/** The scan of a checkout, as the command line does it: from a change in the cloud to the edited line. */
export async function showCheckout(page: Page, folder: string): Promise<CheckoutOutcome> {
  const aws = await startAws({ ...SHOP_SCOPE, model: await shopModel() });
  try {
    const credentials = { accessKeyId: "demo", secretAccessKey: "demo" };
    const inventory = createAwsInventory({ region: SHOP_SCOPE.region, endpoint: aws.url, credentials });
    const shop = await copyShop(join(folder, "shop"));
    const open = () => openRepository(shop, "shop", [inventory], () => {});

    page.heading("A checkout: driftwright scan --dir . --cloud aws --write");
    page.say(
      "examples/shop was made by Terraform. Its two environments run in an AWS that is built in: a small model that answers the real AWS SDK. No account, no credentials, no network.",
    );
    page.say("");
    const untouched = await scanRepository(open());
    page.step(`scanned: ${lastLine(terminalReport(page, untouched))}`);
    page.step(`in the console: ${resizeTheApi(aws.model)}`);
    const repository = open();
    const drifted = await scanRepository(repository);
    page.step("scanned again:");
    page.raw(`\n${terminalReport(page, drifted)}\n`);
    await writeAdopted(repository, drifted);
    const adopted = await scanRepository(open());
    page.step(
      `written, and scanned once more: ${adopted.adopted.files.length} edits left, and ${drifts(adopted)} drift`,
    );
    return { claims: claimsAbout({ untouched, drifted, adopted }), secrets: drifted.secrets };
  } finally {
    await aws.close();
  }
}

interface Outcome {
  readonly untouched: ScanResult;
  readonly drifted: ScanResult;
  readonly adopted: ScanResult;
}

function claimsAbout({ untouched, drifted, adopted }: Outcome): readonly Claim[] {
  const isQuiet = untouched.stacks.every(
    ({ status, findings }) => status === "complete" && findings.length === 0,
  );
  const sizes = sizeFindings(drifted);
  const { files } = drifted.adopted;
  const edited = files.flatMap(({ diff }) => diff.split("\n").filter((line) => /^[-+] /.test(line)));
  return [
    {
      text: "the checkout: two environments were read completely, and nothing differed",
      holds: untouched.stacks.length === 2 && isQuiet,
    },
    {
      text: "the new size is judged to be on purpose; the edit is one line of environments/prod.tfvars, proven to change nothing else",
      holds:
        sizes.length === 1 &&
        sizes.every(({ intent, adoption }) => intent.verdict === "adopt" && adoption?.verdict === "exact") &&
        files.map(({ path }) => path).join() === "environments/prod.tfvars" &&
        edited.join("\n") === '-    size        = "medium"\n+    size        = "large"',
    },
    {
      text: "with the edit in place no size is drift any more, and nothing is left to adopt",
      holds: drifts(adopted) === "no" && adopted.adopted.files.length === 0,
    },
  ];
}

function drifts(result: ScanResult): string {
  return sizeFindings(result).every(({ kind }) => kind === "stale-state") ? "no" : "still";
}

function sizeFindings({ stacks }: ScanResult): readonly JudgedFinding[] {
  return stacks
    .flatMap(({ findings }) => findings)
    .filter(({ changes }) => changes.some(({ path }) => printPath(path) === "instance_type"));
}

function terminalReport({ color, width }: Page, { stacks, secrets }: ScanResult): string {
  return renderScan(stacks, { color, width, redaction: new Redaction(secrets) });
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
