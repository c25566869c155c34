import { parseMarker } from "../../../src/reports/marker.ts";
import type { SeenIssue } from "../service/seen.ts";
import type { ServiceStage } from "../service/stage.ts";
import { type AppOutcome, isCritical } from "./app.ts";
import type { Claim } from "./claim.ts";

const APP = "driftwright[bot]";
const DASHBOARD = "Driftwright dashboard";
const READING = /^(?:Describe[A-Za-z]+|GetCallerIdentity|AssumeRole)$/;

/** What must have come of the App's loop. */
export function claimsAboutApp(outcome: AppOutcome, stage: ServiceStage): readonly Claim[] {
  return [
    ...driftClaims(outcome),
    ...checkClaims(outcome),
    ...endClaims(outcome),
    ...wireClaims(outcome, stage),
  ];
}

function driftClaims({ afterFirst, afterDrift, pull, edit }: AppOutcome): readonly Claim[] {
  const [dashboard, ...others] = afterFirst;
  const made = afterDrift.filter(({ number }) => number !== dashboard?.number);
  const issue = made.find(isCritical);
  return [
    {
      text: "the first scan opened one issue, the dashboard, and nothing else",
      holds:
        others.length === 0 &&
        dashboard?.author === APP &&
        dashboard.title === DASHBOARD &&
        dashboard.body.includes("tags.Schedule"),
    },
    {
      text: "the next one opened a pull request and a critical issue, and nothing about the tag that a rule ignores",
      holds:
        made.length === 2 &&
        made.every(
          ({ author, state, body }) => author === APP && state === "open" && !body.includes("LastPatched"),
        ) &&
        issue?.body.includes("aws ec2 revoke-security-group-ingress") === true,
    },
    {
      text: "the pull request's branch changes one line of environments/prod.tfvars: medium becomes large",
      holds:
        /^driftwright\/shop-prod\/[0-9a-f]+$/.test(pull.branch) &&
        edit.join("\n") ===
          'environments/prod.tfvars\n-    size        = "medium"\n+    size        = "large"',
    },
  ];
}

function checkClaims({ check, checkAtTheEnd }: AppOutcome): readonly Claim[] {
  const places = check?.annotations.map(({ path, line }) => `${path}:${line}`) ?? [];
  return [
    {
      text: "bob's check run is finished, and points at the line of prod.tfvars that decides the security group",
      holds: check?.status === "completed" && places.join() === "environments/prod.tfvars:9",
    },
    {
      text: "when the drift was gone it was made anew, and says so",
      holds: checkAtTheEnd?.status === "completed" && checkAtTheEnd.title !== check?.title,
    },
  ];
}

function endClaims({ afterDrift, afterMerge, atTheEnd, merged, comments }: AppOutcome): readonly Claim[] {
  const ours = byApp(atTheEnd);
  const keys = ours.map(({ body }) => JSON.stringify(parseMarker(body)?.fingerprints));
  const [dashboard, ...singles] = ours;
  const issues = singles.filter(({ isPull }) => !isPull);
  return [
    {
      text: "what was merged counts as adopted: nothing was opened for it again",
      holds: merged.merged && byApp(afterMerge).length === byApp(afterDrift).length,
    },
    {
      text: "with the drift gone everything of the App but the dashboard is closed, each issue with a comment that says why",
      holds:
        dashboard?.state === "open" &&
        dashboard.body.includes("No drift in 2 stacks.") &&
        singles.length === 2 &&
        singles.every(({ state }) => state === "closed") &&
        issues.every(({ number }) => comments.get(number)?.length === 1),
    },
    { text: "in all of it nothing was made twice", holds: new Set(keys).size === ours.length },
  ];
}

function byApp(issues: readonly SeenIssue[]): readonly SeenIssue[] {
  return issues.filter(({ author }) => author === APP);
}

function wireClaims({ forged }: AppOutcome, { github, aws, output }: ServiceStage): readonly Claim[] {
  const { requests, unexpected, deliveries } = github;
  const sent = requests.filter(({ by }) => by.kind !== "person");
  return [
    {
      text: `a forged webhook got 401, and each of ${deliveries.length} signed ones 200`,
      holds: forged === 401 && deliveries.length > 0 && deliveries.every(({ status }) => status === 200),
    },
    {
      text: `${sent.length} requests went to GitHub, each one as GitHub describes it`,
      holds: sent.length > 0 && unexpected.length === 0,
    },
    {
      text: `${aws.requests.length} requests went to AWS, all of them to read, with the role that the access file gives`,
      holds:
        aws.requests.length > 0 &&
        aws.unexpected.length === 0 &&
        aws.requests.every(({ action }) => READING.test(action)) &&
        aws.requests.every(
          ({ action, accessKey }) => action === "AssumeRole" || accessKey.startsWith("ASIA"),
        ),
    },
    {
      text: "the log holds no error, no token and no key",
      holds: output.length > 0 && output.every((line) => !/"level":[56]0|ghs_|PRIVATE KEY|eyJ/.test(line)),
    },
  ];
}

/** @param written what the demo printed */
export function secretClaim(
  secrets: readonly string[],
  written: string,
  { github, output }: ServiceStage,
): Claim {
  const sent = github.requests
    .filter(({ by }) => by.kind === "installation")
    .map(({ body }) => JSON.stringify(body));
  const texts = [written, ...output, ...sent];
  return {
    text: `none of the ${secrets.length} secrets of code and states was printed, logged or sent to GitHub`,
    holds: secrets.length > 0 && secrets.every((secret) => texts.every((text) => !text.includes(secret))),
  };
}
