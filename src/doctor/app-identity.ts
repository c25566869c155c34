import { appRefusal } from "../github/app-refusal.ts";
import { missingPermissions, WANTED_EVENTS } from "../github/permissions.ts";
import { type Check, outcomesOf } from "./check.ts";
import { failureOf, within } from "./failure.ts";
import type { DoctorPorts } from "./ports.ts";

export interface AppChecks {
  readonly checks: readonly Check[];
  /** Whether GitHub takes requests of the App. */
  readonly isKnown: boolean;
  /** The page on which an owner installs it; null where it is not known. */
  readonly page: string | null;
}

/** Whether the private key is one of the App's, and whether the App asks for all that Driftwright needs. */
export async function checkApp(
  github: NonNullable<DoctorPorts["github"]>,
  { environment, limits }: Pick<DoctorPorts, "environment" | "limits">,
): Promise<AppChecks> {
  const appId = environment.app?.appId ?? 0;
  const outcome = outcomesOf("app");
  try {
    const { data } = await within(limits.answer, github.app.rest.apps.getAuthenticated());
    if (data === null) throw new Error("GitHub answers GET /app with nothing");
    const { slug = "", permissions, events, html_url: page } = data;
    const granted = Object.fromEntries(
      Object.entries(permissions).flatMap(([name, level]) => (level === undefined ? [] : [[name, level]])),
    );
    return {
      checks: [
        outcome.ok(`the private key is one of the App ${slug || appId} (${data.id})`),
        asksFor("app-permissions", "permission", missingPermissions(granted)),
        asksFor("app-events", "event", missingEvents(events)),
      ],
      isKnown: true,
      page,
    };
  } catch (error) {
    const check = outcome.failed(...refusal(error, appId));
    return { checks: [check], isKnown: false, page: null };
  }
}

/** Events that are wanted, and that there is no subscription to. */
export function missingEvents(events: readonly string[]): string[] {
  return WANTED_EVENTS.filter((event) => !events.includes(event));
}

function asksFor(id: "app-permissions" | "app-events", what: string, missing: readonly string[]): Check {
  const outcome = outcomesOf(id);
  if (missing.length === 0) return outcome.ok(`the App asks for every ${what} that Driftwright wants`);
  return outcome.failed(
    `the App does not ask for ${missing.join(", ")}`,
    "Add it on the App's settings page under Permissions & events; docs/permissions.md says what each is for",
  );
}

function refusal(error: unknown, appId: number): [string, string] {
  const { message, next } = appRefusal(error, appId) ?? failureOf(error, "Try again in a moment");
  return [message, next];
}
