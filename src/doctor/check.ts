export type CheckStatus = "ok" | "warning" | "failed" | "skipped";

/** What is checked, and how it is called for people. The ids stay the same from release to release. */
export const CHECKS = {
  settings: "settings",
  github: "GitHub",
  clock: "clock",
  app: "App",
  "app-permissions": "App's permissions",
  "app-events": "App's events",
  "webhook-address": "webhook address",
  "webhook-reachable": "webhooks from outside",
  "webhook-deliveries": "webhook deliveries",
  database: "database",
  installation: "installation",
  permissions: "permissions granted",
  events: "events received",
  repository: "repository",
  configuration: "configuration",
  state: "state",
  cloud: "cloud",
} as const;
export type CheckId = keyof typeof CHECKS;

/** What came of one check. */
export interface Check {
  readonly id: CheckId;
  /** Which one, where there are several: an account on GitHub, a repository, a stack of it. */
  readonly subject: string | null;
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do; null where there is nothing. */
  readonly next: string | null;
}

/** The results that a check may have. */
export interface Outcomes {
  ok(message: string): Check;
  /** Driftwright works, but not as it could. */
  warning(message: string, next: string): Check;
  failed(message: string, next: string): Check;
  /** Could not be looked at, or need not be. */
  skipped(message: string): Check;
}

export function outcomesOf(id: CheckId, subject: string | null = null): Outcomes {
  const given = (status: CheckStatus, message: string, next: string | null): Check => ({
    id,
    subject,
    status,
    message,
    next,
  });
  return {
    ok: (message) => given("ok", message, null),
    warning: (message, next) => given("warning", message, next),
    failed: (message, next) => given("failed", message, next),
    skipped: (message) => given("skipped", message, null),
  };
}
