import { z } from "zod";

const id = z.number();
const installation = z.object({ id, permissions: z.record(z.string(), z.unknown()).optional() });
const repository = z.object({ id, full_name: z.string(), private: z.boolean() });
const inRepository = z.object({
  repository: z.object({ id, default_branch: z.string().optional() }).optional(),
  installation: z.object({ id }).optional(),
});
const action = z.string();

/** What the handlers read of each webhook; there is more in all of them. */
const PAYLOADS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ["installation", z.object({ action, installation, repositories: z.array(repository).optional() })],
  [
    "installation_repositories",
    z.object({
      installation,
      repositories_added: z.array(repository),
      repositories_removed: z.array(z.object({ id: id.optional() })),
    }),
  ],
  ["repository", inRepository],
  ["push", inRepository.extend({ ref: z.string() })],
  [
    "pull_request",
    inRepository.extend({
      action,
      pull_request: z.object({ number: z.number(), head: z.object({ sha: z.string() }) }),
    }),
  ],
  ["issues", inRepository.extend({ action, issue: z.object({ number: z.number() }) })],
  [
    "merge_group",
    inRepository.extend({
      action,
      merge_group: z.object({
        head_sha: z.string(),
        head_ref: z.string().optional(),
        base_ref: z.string(),
      }),
    }),
  ],
  [
    "check_run",
    inRepository.extend({
      action: action.optional(),
      check_run: z.object({
        id: id.optional(),
        name: z.string(),
        head_sha: z.string(),
        pull_requests: z.array(z.object({ number: z.number() }).nullable()),
        check_suite: z.object({ head_branch: z.string().nullish() }).nullish(),
      }),
      requested_action: z.object({ identifier: z.string().optional() }).nullish(),
      sender: z.object({ login: z.string() }).nullish(),
    }),
  ],
]);

const NO_OBJECT = "the body is no JSON object; the webhook's content type must be application/json";

/** Why the body of a webhook cannot be worked on, though its signature is right; null where it can. No value is quoted. */
export function payloadProblem(event: string, body: string): string | null {
  const payload = parsed(body);
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return NO_OBJECT;
  const issue = PAYLOADS.get(event)?.safeParse(payload).error?.issues[0];
  return issue === undefined ? null : `${issue.path.join(".")} is missing or no such thing as GitHub sends`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
