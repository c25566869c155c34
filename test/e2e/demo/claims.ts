import type { JudgedFinding } from "../../../src/drift/model.ts";
import { printPath } from "../../../src/json/path.ts";
import type { Affected } from "../../../src/reports/check-run.ts";
import type { ReportFile } from "../../../src/reports/files.ts";
import type { ScanResult } from "../../../src/scan/scan.ts";
import type { EmbeddedAws } from "../aws/server.ts";

/** What came out of each part of the demo. */
export interface Outcome {
  readonly untouched: ScanResult;
  readonly drifted: ScanResult;
  readonly adopted: ScanResult;
  readonly affected: readonly Affected[];
  readonly reports: readonly ReportFile[];
  /** All that was printed. */
  readonly written: string;
}

export interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

function findingsOf({ stacks }: ScanResult): readonly JudgedFinding[] {
  return stacks.flatMap(({ findings }) => findings);
}

export function sizeFindings(result: ScanResult): readonly JudgedFinding[] {
  return findingsOf(result).filter(({ changes }) =>
    changes.some(({ path }) => printPath(path) === "instance_type"),
  );
}

/** What must have come out, each with whether it did. */
export function claimsAbout(outcome: Outcome, { requests, unexpected }: EmbeddedAws): readonly Claim[] {
  const { untouched, drifted, written } = outcome;
  const isQuiet = untouched.stacks.every(
    ({ status, findings }) => status === "complete" && findings.length === 0,
  );
  const isRead = requests.every(({ action }) => /^Describe|^GetCallerIdentity$/.test(action));
  return [
    {
      text: "before anybody changed anything, two environments were read completely and nothing differed",
      holds: untouched.stacks.length === 2 && isQuiet,
    },
    ...sizeClaims(outcome),
    ...accessClaims(outcome),
    {
      text: "the patching tool's tag is ignored by its rule, and nothing else is",
      holds: findingsOf(drifted).filter(({ intent }) => intent.verdict === "ignore").length === 1,
    },
    {
      text: "a pull request, two issues, a check run and a summary were made",
      holds:
        outcome.reports
          .map(({ path }) => path.split("/")[0])
          .sort()
          .join(" ") === "check-runs issues issues pull-requests summary.md",
    },
    {
      text: `${requests.length} requests went to AWS, all of them to read`,
      holds: requests.length > 0 && unexpected.length === 0 && isRead,
    },
    {
      text: `none of the ${drifted.secrets.length} secrets of code and states was printed`,
      holds: drifted.secrets.length > 0 && drifted.secrets.every((secret) => !written.includes(secret)),
    },
  ];
}

function sizeClaims({ drifted, adopted }: Outcome): readonly Claim[] {
  const sizes = sizeFindings(drifted);
  const { files } = drifted.adopted;
  const edited = files.flatMap(({ diff }) => diff.split("\n").filter((line) => /^[-+] /.test(line)));
  return [
    {
      text: "the new size is judged to be on purpose, and the edit is proven to change nothing else",
      holds:
        sizes.length === 1 &&
        sizes.every(({ intent, adoption }) => intent.verdict === "adopt" && adoption?.verdict === "exact"),
    },
    {
      text: "the edit is one line of environments/prod.tfvars: medium becomes large",
      holds:
        files.map(({ path }) => path).join() === "environments/prod.tfvars" &&
        edited.join("\n") === '-    size        = "medium"\n+    size        = "large"',
    },
    {
      text: "with the edit in place no size is drift any more, and nothing is left to adopt",
      holds:
        sizeFindings(adopted).every(({ kind }) => kind === "stale-state") &&
        adopted.adopted.files.length === 0,
    },
  ];
}

function accessClaims({ drifted, affected }: Outcome): readonly Claim[] {
  const [open, ...others] = findingsOf(drifted).filter(({ severity }) => severity === "critical");
  const commands = open?.revert?.steps.flatMap((step) => step.commands) ?? [];
  const [touched, ...more] = affected;
  return [
    {
      text: "SSH to the world is critical, no rule adopts it, and its revert plan closes the port",
      holds:
        others.length === 0 &&
        open?.intent.verdict === "undecided" &&
        commands.some(({ argv }) => argv.includes("revoke-security-group-ingress")),
    },
    {
      text: "the branch touches that security group and no other drift, and applying it would close SSH",
      holds:
        more.length === 0 &&
        touched?.finding === open &&
        touched?.effect === "reverts" &&
        touched.places.some(({ file }) => file === "environments/prod.tfvars"),
    },
  ];
}
