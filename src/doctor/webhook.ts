import { type Attempt, hasArrived, newestAttempts } from "../github/deliveries.ts";
import { counted } from "../reports/visible.ts";
import { WEBHOOK_PATH } from "../web/webhooks.ts";
import { type Check, outcomesOf } from "./check.ts";
import { failureOf, within } from "./failure.ts";
import { codeOf } from "./github-address.ts";
import type { DoctorPorts } from "./ports.ts";

type GitHubPort = NonNullable<DoctorPorts["github"]>;

const PAGE = "on the App's settings page";
const WITHOUT =
  "Scans, pull requests and issues work without; for check runs and commands set the address, https://YOUR-HOST" +
  `${WEBHOOK_PATH}, ${PAGE}`;

/** Where GitHub sends webhooks, whether something answers there, and what became of the newest ones. */
export async function checkWebhook(
  github: GitHubPort,
  ports: Pick<DoctorPorts, "environment" | "fetch" | "limits">,
): Promise<readonly Check[]> {
  const { checks, url } = await configured(github, ports);
  const reachable = outcomesOf("webhook-reachable");
  const reached = url === null ? reachable.skipped("the address is not known") : await reach(url, ports);
  return [...checks, reached, await delivered(github, ports)];
}

async function configured(
  github: GitHubPort,
  { environment, limits }: Pick<DoctorPorts, "environment" | "limits">,
): Promise<{ readonly checks: readonly Check[]; readonly url: URL | null }> {
  const outcome = outcomesOf("webhook-address");
  try {
    const { data } = await within(limits.answer, github.app.rest.apps.getWebhookConfigForApp());
    const url = URL.parse(data.url ?? "");
    if (url === null) return { checks: [outcome.warning("the App has no webhook address", WITHOUT)], url };
    const mistakes = [
      ...addressMistakes(url, environment.github.api),
      ...(data.content_type === "json" ? [] : [[FORM, `Choose application/json ${PAGE}`] as const]),
      ...(data.secret === undefined || data.secret === "" ? [[OPEN, SECRET] as const] : []),
    ];
    const checks = mistakes.map(([message, next]) => outcome.failed(message, next));
    if (data.insecure_ssl === "1" || data.insecure_ssl === 1) {
      checks.push(
        outcome.warning("GitHub does not look at the certificate", `Enable SSL verification ${PAGE}`),
      );
    }
    return { checks: checks.length > 0 ? checks : [outcome.ok(shown(url))], url };
  } catch (error) {
    const { message, next } = failureOf(error, "Try again in a moment");
    return { checks: [outcome.failed(message, next)], url: null };
  }
}

const FORM = "webhooks are sent as a form, which Driftwright does not read";
const OPEN = "GitHub signs no webhooks, since no secret is set there";
const SECRET = `Set the secret of WEBHOOK_SECRET ${PAGE}`;

/** An address may have a secret in its query. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

const INSIDE =
  /^(?:localhost|.*\.(?:local|internal|localhost)|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])/i;

function addressMistakes(url: URL, api: string): (readonly [string, string])[] {
  const isInside = (host: string) => INSIDE.test(host);
  // A GitHub inside reaches what is inside.
  const isPublic = /^api\.github\.com$|\.ghe\.com$/.test(URL.parse(api)?.hostname ?? "");
  const mistakes: (readonly [string, string])[] = [];
  if (isPublic && isInside(url.hostname)) {
    mistakes.push([
      `GitHub cannot reach ${url.host}, which is an address inside`,
      `Give one that GitHub can reach over https ${PAGE}`,
    ]);
  }
  if (isPublic && url.protocol !== "https:") {
    mistakes.push([`webhooks are sent to ${shown(url)} without encryption`, `Give an https address ${PAGE}`]);
  }
  return mistakes;
}

/**
 * Sends what has no signature: Driftwright answers 401, and keeps nothing of it. Then its health, where the way to it is
 * open, too.
 */
async function reach(url: URL, { fetch, limits }: Pick<DoctorPorts, "fetch" | "limits">): Promise<Check> {
  const outcome = outcomesOf("webhook-reachable");
  const ask = async (address: string, method: "GET" | "POST") => {
    const signal = AbortSignal.timeout(limits.answer);
    const headers = { "user-agent": "driftwright doctor" };
    const answer = await fetch(address, { method, headers, redirect: "manual", signal });
    await answer.body?.cancel();
    return answer.status;
  };
  try {
    const status = await ask(url.href, "POST");
    if (status !== 401) return unexpected(shown(url), status);
    const health = await ask(url.href.replace(/\/[^/]*\/[^/]*\/[^/]*$/, "/healthz"), "GET").catch(() => null);
    if (health === 503) {
      return outcome.failed(
        "Driftwright answers, but its database does not",
        "See its log, and the check of the database here",
      );
    }
    return outcome.ok(`Driftwright answers at ${shown(url)}, as seen from this machine`);
  } catch (error) {
    return outcome.failed(
      `there is no answer from ${shown(url)} (${codeOf(error)})`,
      `Start Driftwright, let its proxy hand ${WEBHOOK_PATH} on to it, and see that name, port and certificate are right; where only GitHub gets in, see the deliveries below`,
    );
  }
}

function unexpected(address: string, status: number): Check {
  const outcome = outcomesOf("webhook-reachable");
  const said = `${address} answers ${status} to a webhook without a signature, where Driftwright answers 401`;
  if (status >= 300 && status < 400) {
    return outcome.failed(said, `GitHub follows no redirect: give the address that it leads to ${PAGE}`);
  }
  if (status >= 500) {
    return outcome.failed(
      said,
      "The proxy does not reach Driftwright: see that it runs, and which address and port (HOST, PORT) the proxy uses",
    );
  }
  return outcome.failed(
    said,
    `Correct the address ${PAGE}: it ends in ${WEBHOOK_PATH}; and let the proxy hand that path on`,
  );
}

async function delivered(github: GitHubPort, { limits }: Pick<DoctorPorts, "limits">): Promise<Check> {
  const outcome = outcomesOf("webhook-deliveries");
  try {
    const attempts = await within(limits.answer, newestAttempts(github.app));
    const failed = attempts.filter(({ status }) => !hasArrived(status));
    if (attempts.length === 0) return outcome.ok("GitHub has sent no webhook yet");
    if (failed.length === 0) return outcome.ok(`the last ${counted(attempts.length, "webhook")} arrived`);
    const message = `${failed.length} of the last ${counted(attempts.length, "webhook")} did not arrive (${byStatus(failed)})`;
    const newest = attempts[0];
    if (newest !== undefined && hasArrived(newest.status)) {
      return outcome.warning(
        message,
        "The newest one arrived. Driftwright asks GitHub for the others again by itself, for three days",
      );
    }
    return outcome.failed(message, adviceFor(newest?.status ?? 0));
  } catch (error) {
    const { message, next } = failureOf(error, "Try again in a moment");
    return outcome.failed(message, next);
  }
}

function byStatus(failed: readonly Attempt[]): string {
  const groups = Map.groupBy(failed, ({ status }) => (status === 0 ? "no answer" : String(status)));
  return [...groups].map(([status, { length }]) => `${status}: ${length}`).join(", ");
}

function adviceFor(status: number): string {
  if (status === 401)
    return `Set the same secret as WEBHOOK_SECRET and ${PAGE}, and let no proxy change the body`;
  if (status === 0)
    return "Let GitHub reach the address: see the check above, the firewall, and the certificate";
  if (status === 404 || status === 405) return `Correct the address ${PAGE}: it ends in ${WEBHOOK_PATH}`;
  return "See the log of Driftwright, and of the proxy before it, at the time of the delivery (the App's page, Advanced > Recent Deliveries)";
}
