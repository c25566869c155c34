import type { ReviewedEnvironment } from "../config/environment.ts";
import { checkApp } from "./app-identity.ts";
import { type Check, type CheckId, outcomesOf } from "./check.ts";
import { checkDatabase } from "./database.ts";
import { checkAddress } from "./github-address.ts";
import { checkInstallations } from "./installations.ts";
import type { DoctorPorts, Tell } from "./ports.ts";
import { type AskedRepository, checkRepositories } from "./repositories.ts";
import { checkSettings } from "./settings.ts";
import { checkWebhook } from "./webhook.ts";

/** What is looked at. */
export interface Examined {
  readonly review: ReviewedEnvironment;
  /** The environment as it is. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Null: every repository that the App is installed in. */
  readonly repository: AskedRepository | null;
}

/**
 * Checks all that Driftwright needs, one part after the other, and tells each result as it comes. What depends on a part
 * that failed is skipped. Nothing is written anywhere.
 */
export async function examine(
  { review, variables, repository }: Examined,
  ports: DoctorPorts,
  tell: Tell,
): Promise<readonly Check[]> {
  const told: Check[] = [];
  const tellAll = (checks: readonly Check[]) => {
    for (const check of checks) {
      told.push(check);
      tell(check);
    }
  };
  tellAll(checkSettings(review, variables));
  ports.progress("looking at the database");
  tellAll([await checkDatabase(ports)]);
  await checkGitHub(ports, repository, tellAll);
  return told;
}

const OF_GITHUB = [
  "app",
  "webhook-address",
  "installation",
  "repository",
] as const satisfies readonly CheckId[];

/** Everything that GitHub has to be asked for. */
async function checkGitHub(
  ports: DoctorPorts,
  repository: AskedRepository | null,
  tellAll: (checks: readonly Check[]) => void,
): Promise<void> {
  const { github } = ports;
  ports.progress("asking GitHub");
  const address = await checkAddress(ports);
  tellAll(address.checks);
  if (!address.answers) return tellAll(skipped(OF_GITHUB, "GitHub does not answer"));
  if (github === null) {
    return tellAll(skipped(OF_GITHUB, "APP_ID and the private key are not known, see the settings"));
  }
  const app = await checkApp(github, ports);
  tellAll(app.checks);
  if (!app.isKnown) return tellAll(skipped(OF_GITHUB.slice(1), "GitHub does not know the App by this key"));
  ports.progress("asking GitHub about webhooks");
  tellAll(await checkWebhook(github, ports));
  const { page } = app;
  const { checks, usable } = await checkInstallations(github, ports, {
    page,
    owner: repository?.owner ?? null,
  });
  tellAll(checks);
  if (usable.length === 0) return tellAll(skipped(["repository"], "there is no installation to work in"));
  await checkRepositories(github, usable, repository, ports, (check) => tellAll([check]));
}

function skipped(ids: readonly CheckId[], why: string): Check[] {
  return ids.map((id) => outcomesOf(id).skipped(why));
}
