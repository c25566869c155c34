import { tokenOf } from "../github/world.ts";
import { FULL_NAME, type ServiceStage } from "../service/stage.ts";
import type { Page } from "./page.ts";

/** Says where everything is, and waits until somebody has seen enough. */
export async function keepRunning(
  page: Page,
  { github, aws, service, repository }: ServiceStage,
): Promise<void> {
  const token = tokenOf("alice");
  page.heading("Everything keeps running, until Ctrl-C");
  const push = JSON.stringify({
    ref: "refs/heads/main",
    repository: { id: repository.id },
    installation: { id: github.installationId },
  });
  page.raw(`  the service   ${service.url}  (/healthz, /readyz)
  GitHub's API  ${github.url}  (${FULL_NAME}; tokens: ${token}, ${tokenOf("bob")})
  AWS           AWS_ENDPOINT_URL=${aws.url}
  webhooks      ${service.url}/api/github/webhooks, signed with: ${github.app.webhookSecret}

  curl -H 'authorization: token ${token}' '${github.url}/repos/${FULL_NAME}/issues?state=all'
  curl -H 'authorization: token ${token}' ${github.url}/repos/${FULL_NAME}/pulls/2
      what the App wrote

  curl -X PUT -H 'authorization: token ${token}' ${github.url}/repos/${FULL_NAME}/contents/NOTES.md \\
    -d '{"message":"a note","branch":"main","content":"${Buffer.from("hello\n").toString("base64")}"}'
      a push, after which the App scans

  body='${push}'
  curl ${service.url}/api/github/webhooks -H 'content-type: application/json' -d "$body" \\
    -H 'x-github-event: push' -H "x-github-delivery: $(date +%s)" \\
    -H "x-hub-signature-256: sha256=$(printf %s "$body" | openssl dgst -sha256 -r -hmac '${github.app.webhookSecret}' | cut -d' ' -f1)"
      a webhook by hand, which makes the App scan too

`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
    void service.ended.then(() => resolve());
  });
  page.say("Stopping.");
}
