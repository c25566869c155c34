import { type Installation, listInstallations } from "../github/installations.ts";
import { missingPermissions } from "../github/permissions.ts";
import { missingEvents } from "./app-identity.ts";
import { type Check, outcomesOf } from "./check.ts";
import { failureOf, within } from "./failure.ts";
import type { DoctorPorts } from "./ports.ts";

export interface InstallationChecks {
  readonly checks: readonly Check[];
  /** Those that can be worked in. */
  readonly usable: readonly Installation[];
}

/** What each owner granted, against what the App wants. */
export async function checkInstallations(
  github: NonNullable<DoctorPorts["github"]>,
  { limits }: Pick<DoctorPorts, "limits">,
  { page, owner }: { readonly page: string | null; readonly owner: string | null },
): Promise<InstallationChecks> {
  const outcome = outcomesOf("installation");
  const install = page === null ? "Install it on its own page" : `Install it: ${page}`;
  try {
    const all = await within(limits.reading, listInstallations(github.app));
    const asked = all.filter(({ account }) => owner === null || isSame(account.login, owner));
    if (asked.length > 0) {
      return {
        checks: asked.flatMap(checkInstallation),
        usable: asked.filter(({ suspended }) => !suspended),
      };
    }
    const check =
      owner === null
        ? outcome.warning("the App is not installed anywhere", install)
        : outcome.failed(`the App is not installed by ${owner}`, install);
    return { checks: [check], usable: [] };
  } catch (error) {
    const { message, next } = failureOf(error, "Try again in a moment");
    return { checks: [outcome.failed(message, next)], usable: [] };
  }
}

/** GitHub's names have no case. */
export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function checkInstallation({ account, suspended, permissions, events }: Installation): Check[] {
  const { login } = account;
  const outcome = outcomesOf("installation", login);
  if (suspended) {
    const next = `An owner of ${login} ends it under Settings > GitHub Apps > Configure; until then nothing is done there`;
    return [outcome.warning("it is suspended", next)];
  }
  const lacking = missingPermissions(permissions);
  const silent = missingEvents(events);
  const accept = `An owner of ${login} accepts it under Settings > GitHub Apps > Configure, once the App asks for it`;
  const granted = outcomesOf("permissions", login);
  const received = outcomesOf("events", login);
  return [
    lacking.length === 0
      ? granted.ok("all that the App wants is granted")
      : granted.failed(`not granted: ${lacking.join(", ")}`, accept),
    silent.length === 0
      ? received.ok("all that the App wants is subscribed to")
      : received.failed(`no subscription to: ${silent.join(", ")}`, accept),
  ];
}
