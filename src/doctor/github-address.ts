import { type Check, outcomesOf } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

/** Seconds by which this machine's clock may be wrong: tokens, and then the signatures of AWS, are refused beyond. */
const WRONG = { noticed: 60, refused: 240 };

const ADDRESS = "Correct GHE_HOST (the host alone) or GITHUB_API_URL (as a rule https://HOST/api/v3)";

export interface AddressChecks {
  readonly checks: readonly Check[];
  /** Whether there is a GitHub to ask. */
  readonly answers: boolean;
}

/**
 * Whether the API of GitHub is where the settings say, and whether this machine's clock is right.
 * https://docs.github.com/en/rest/meta/meta
 */
export async function checkAddress({ environment, fetch, now, limits }: DoctorPorts): Promise<AddressChecks> {
  const { api } = environment.github;
  const github = outcomesOf("github");
  let answer: Response;
  try {
    answer = await fetch(`${api}/meta`, {
      headers: { accept: "application/vnd.github+json", "user-agent": "driftwright" },
      redirect: "manual",
      signal: AbortSignal.timeout(limits.answer),
    });
    await answer.body?.cancel();
  } catch (error) {
    const code = codeOf(error);
    const next = adviceFor(code, URL.parse(api)?.host ?? api);
    const check = github.failed(`there is no answer from ${api} (${code})`, next);
    return { checks: [check], answers: false };
  }
  const { status, headers } = answer;
  // In private mode a server answers 401, and a limit on requests is an answer of GitHub's too.
  const isGitHub = headers.has("x-github-request-id") && [200, 401, 403, 429].includes(status);
  if (!isGitHub) {
    const check = github.failed(`what answers at ${api} is not GitHub's API (${status})`, ADDRESS);
    return { checks: [check], answers: false };
  }
  const version = headers.get("x-github-enterprise-version");
  const what = version === null ? "GitHub" : `GitHub Enterprise Server (${version})`;
  return { checks: [github.ok(`${what} answers at ${api}`), ...clock(headers, now())], answers: true };
}

function clock(headers: Headers, now: Date): Check[] {
  const there = Date.parse(headers.get("date") ?? "");
  const wrong = Math.round(Math.abs(now.getTime() - there) / 1000);
  if (Number.isNaN(wrong) || wrong < WRONG.noticed) return [];
  const outcome = outcomesOf("clock");
  const message = `this machine's clock is wrong by ${wrong} seconds`;
  const next = "Set the clock, and let it be kept right (NTP)";
  return [wrong < WRONG.refused ? outcome.warning(message, next) : outcome.failed(message, next)];
}

/** What went wrong with a request that had no answer, in one word. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause } = error;
  if (cause instanceof Error) {
    return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  }
  return error.name === "TimeoutError" ? "no answer in time" : error.name;
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/;

const ELSEWHERE =
  "For a GitHub of your own set GHE_HOST (the host alone) or GITHUB_API_URL (as a rule https://HOST/api/v3). See docs/operations.md, Reach GitHub";

function adviceFor(code: string, host: string): string {
  if (CERTIFICATE.test(code)) {
    return "Let this process trust the server's certificate: NODE_EXTRA_CA_CERTS names the file with that of its authority";
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `Let this machine look up the name ${host} (DNS); where only a proxy knows it, set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY. ${ELSEWHERE}`;
  }
  return `Let this machine reach ${host} (firewall, egress rules, routes); where that takes a proxy, set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY. ${ELSEWHERE}`;
}
