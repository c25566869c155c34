import { rmSync } from "node:fs";
import { wantsColor } from "../../../src/commands/terminal.ts";
import { ServiceStage } from "../service/stage.ts";
import { temporaryFolder } from "../shop.ts";
import { unconfiguredShop } from "../unconfigured-shop.ts";
import { showApp } from "./app.ts";
import { claimsAboutApp, secretClaim } from "./app-claims.ts";
import { showCheckout } from "./checkout.ts";
import type { Claim } from "./claim.ts";
import { keepRunning } from "./keep.ts";
import { claimsAboutOnboarding, showOnboarding, UNCONFIGURED } from "./onboarding.ts";
import { type Page, startPage } from "./page.ts";

const STOPPING = ["SIGINT", "SIGTERM"] as const;

/**
 * The main job, from drift to what people read on GitHub and back, on parts that need no network and no account. Nothing
 * that it shows of Driftwright was written beforehand, and at the end it checks what came out.
 */
async function main(args: readonly string[]): Promise<number> {
  const keep = args.includes("--keep");
  const unknown = args.filter((arg) => arg !== "--keep");
  if (unknown.length > 0) {
    process.stderr.write(`demo: ${unknown.join(" ")}: unknown; the only option is --keep\n`);
    return 1;
  }
  const page = startPage(process.stdout, wantsColor(process.stdout, process.env), () => performance.now());
  const folder = await temporaryFolder();
  const stop = (_signal: NodeJS.Signals, number: number) => process.exit(128 + number);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of STOPPING) process.once(signal, stop);
  const unconfigured = { name: UNCONFIGURED, files: await unconfiguredShop() };
  const stage = await ServiceStage.open(folder, undefined, undefined, [unconfigured]);
  try {
    // The first start makes a database, which takes some seconds.
    const [checkout] = await Promise.all([showCheckout(page, folder), stage.start()]);
    const outcome = await showApp(page, stage);
    const onboarding = await showOnboarding(page, stage);
    const secrecy = secretClaim(checkout.secrets, page.written(), stage);
    const claims = [
      ...checkout.claims,
      ...claimsAboutApp(outcome, stage),
      ...claimsAboutOnboarding(onboarding),
      secrecy,
    ];
    const isGood = conclude(page, claims);
    if (keep) {
      for (const signal of STOPPING) process.off(signal, stop);
      await keepRunning(page, stage);
    }
    return isGood ? 0 : 1;
  } finally {
    await stage.close();
  }
}

function conclude(page: Page, claims: readonly Claim[]): boolean {
  page.heading("Was it really so?");
  for (const { text, holds } of claims) page.check(text, holds);
  const isGood = claims.every(({ holds }) => holds);
  page.say("");
  if (isGood) sayWhatNext(page);
  else page.say("The demo did not do what it should. This is a bug: please report it, with all of this.");
  return isGood;
}

function sayWhatNext(page: Page): void {
  page.say(`All of it in ${(performance.now() / 1000).toFixed(0)} seconds. What to try next:`);
  page.raw(`
  npm run demo -- --keep
      leaves GitHub, AWS and the service running, to look around

  npx driftwright scan --dir path/to/your/checkout --cloud aws
      your own code, with your own read-only credentials; nothing is changed anywhere

  docs/operations.md
      the App on your own GitHub
`);
}

process.exitCode = await main(process.argv.slice(2));
