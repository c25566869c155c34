import { rmSync } from "node:fs";
import { join } from "node:path";
import { wantsColor } from "../../../src/commands/terminal.ts";
import { createAwsInventory } from "../../../src/inventory/aws/inventory.ts";
import { type ReportFile, reportFiles } from "../../../src/reports/files.ts";
import { Redaction } from "../../../src/reports/redaction.ts";
import { renderScan } from "../../../src/reports/terminal.ts";
import type { ScanResult } from "../../../src/scan/scan.ts";
import { type EmbeddedAws, startAws } from "../aws/server.ts";
import { copyShop, SHOP_SCOPE, shopModel, temporaryFolder } from "../shop.ts";
import { affectedByChange, letTheOfficeIn } from "./branch.ts";
import { claimsAbout, type Outcome, sizeFindings } from "./claims.ts";
import { changeThings } from "./console.ts";
import { type Page, startPage } from "./page.ts";
import { openRepository, scanRepository, writeAdopted } from "./repository.ts";

/**
 * The main job, from drift to the texts that people read, on parts that need no network and no account. Nothing that it
 * shows of Driftwright was written beforehand, and at the end it checks what came out.
 */
async function main(): Promise<number> {
  const page = startPage(process.stdout, wantsColor(process.stdout, process.env), () => performance.now());
  const folder = await temporaryFolder();
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  const aws = await startAws({ ...SHOP_SCOPE, model: await shopModel() });
  try {
    const outcome = await run(page, folder, aws);
    page.heading("Was it really so?");
    const claims = claimsAbout(outcome, aws);
    for (const { text, holds } of claims) page.check(text, holds);
    const isGood = claims.every(({ holds }) => holds);
    page.say("");
    if (isGood) sayWhatNext(page);
    else page.say("The demo did not do what it should. This is a bug: please report it, with all of this.");
    return isGood ? 0 : 1;
  } finally {
    await aws.close();
  }
}

async function run(page: Page, folder: string, aws: EmbeddedAws): Promise<Outcome> {
  const credentials = { accessKeyId: "demo", secretAccessKey: "demo" };
  const inventory = createAwsInventory({ region: SHOP_SCOPE.region, endpoint: aws.url, credentials });
  const open = (path: string) => openRepository(path, "shop", [inventory], page.step);
  const shop = await copyShop(join(folder, "shop"));

  page.heading("A shop in AWS, made by Terraform");
  page.say(
    `examples/shop was copied to ${shop}. Its two environments run in an embedded AWS at ${aws.url}: a small model that answers the real AWS SDK. No account, no credentials, no network.`,
  );
  page.say("");
  const untouched = await scanRepository(open(shop));
  page.say(`\nThe first scan: ${lastLine(terminalReport(page, untouched))}`);

  page.heading("Then people use the console");
  page.list(changeThings(aws.model));

  page.heading("driftwright scan --dir . --cloud aws");
  const repository = open(shop);
  const drifted = await scanRepository(repository);
  page.raw(`\n${terminalReport(page, drifted)}`);

  page.heading("On purpose: the code follows (--write)");
  page.say(
    "A rule in .github/driftwright.yml says that sizes are on purpose. The type of the instance comes from an argument of its module, that from a table in a local, and the entry from a variable file. There, one line changes; both environments were evaluated with it, and nothing else changes with it:",
  );
  page.say("");
  for (const { diff } of drifted.adopted.files) page.diff(diff);
  await writeAdopted(repository, drifted);
  page.say("\nIt is written. Another scan:\n");
  const adopted = await scanRepository(open(shop));
  const rest = sizeFindings(adopted).map(
    ({ address, kind, notes }) => `instance_type of ${address}: ${kind}. ${notes.join(" ")}`,
  );
  page.say("");
  page.list([`${adopted.adopted.files.length} edits left to write`, ...rest]);

  page.heading("Meanwhile, somebody opens a pull request");
  page.say("On a branch from before all that, the office may call the api:\n");
  const base = await copyShop(join(folder, "base"));
  const head = await copyShop(join(folder, "head"));
  page.diff(await letTheOfficeIn(head));
  page.say("");
  page.step("evaluating the branch, and what it starts from");
  const affected = await affectedByChange(open(base), open(head), drifted.stacks);
  const redaction = new Redaction(drifted.secrets);
  const checkRuns = [{ name: "office", affected }];
  const reports = reportFiles(drifted.stacks, { redaction, checkRuns });
  showReports(page, reports);
  return { untouched, drifted, adopted, affected, reports, written: page.written() };
}

function showReports(page: Page, reports: readonly ReportFile[]): void {
  const shown = (title: string, which: (report: ReportFile) => boolean) => {
    page.heading(title);
    page.quote(reports.find(which)?.text ?? "");
  };
  shown("The check run on that pull request", ({ path }) => path.startsWith("check-runs/"));
  shown("The pull request that adopts the new size", ({ path }) => path.startsWith("pull-requests/"));
  shown(
    "The issue about SSH",
    ({ path, text }) => path.startsWith("issues/") && text.includes("aws_security_group"),
  );
}

function terminalReport({ color, width }: Page, { stacks, secrets }: ScanResult): string {
  return renderScan(stacks, { color, width, redaction: new Redaction(secrets) });
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function sayWhatNext(page: Page): void {
  page.say(`All of it in ${(performance.now() / 1000).toFixed(1)} seconds. What to try next:`);
  page.raw(`
  npx driftwright trace --dir examples/shop --var-file examples/shop/environments/prod.tfvars \\
    'module.service["api"].aws_instance.this' instance_type --to '"m6i.large"'
      where a value comes from, and the edits that would change it

  npx driftwright scan --dir path/to/your/checkout --cloud aws
      your own code, with your own read-only credentials; nothing is changed anywhere
`);
}

process.exitCode = await main();
