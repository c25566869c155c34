import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { loadDotEnv } from "../config/dot-env.ts";
import {
  type Environment,
  type ReviewedEnvironment,
  reviewEnvironment,
  secretsOf,
} from "../config/environment.ts";
import { EnvironmentError } from "../config/environment-error.ts";
import { GitHubApp } from "../github/client.ts";
import { operatorClouds } from "../jobs/operator-clouds.ts";
import { startProgress } from "../reports/progress.ts";
import { Redaction } from "../reports/redaction.ts";
import type { Check } from "./check.ts";
import { examine } from "./doctor.ts";
import { type DoctorPorts, TIME_LIMITS } from "./ports.ts";
import { checkLines, doctorJson, summaryLine } from "./report.ts";
import type { AskedRepository } from "./repositories.ts";

export interface DoctorRun {
  readonly role: string;
  readonly repository: AskedRepository | null;
  readonly json: boolean;
  readonly color: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Variables whose whole value no output may have. */
const SECRETS = [
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "DRIFTWRIGHT_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

/** Checks everything with the environment of this process, and prints what comes of it. Gives the exit code. */
export async function runDoctor({
  role,
  repository,
  json,
  color,
  stdout,
  stderr,
}: DoctorRun): Promise<number> {
  const review = reviewed(role);
  const secrets = SECRETS.flatMap((name) => process.env[name] ?? []);
  const redaction = new Redaction([...secretsOf(review.environment), ...secrets]);
  const progress = startProgress(stderr, () => performance.now());
  const tell = (check: Check) => {
    if (json) return;
    progress.done();
    stdout.write(checkLines(check, { color, redaction }));
  };
  const ports = portsOf(review.environment, (step) => progress.step(redaction.clean(step)));
  const checks = await examine({ review, variables: process.env, repository }, ports, tell);
  progress.done();
  stdout.write(json ? doctorJson(checks, redaction) : summaryLine(checks));
  return checks.some(({ status }) => status === "failed") ? 1 : 0;
}

function reviewed(role: string): ReviewedEnvironment {
  const problems: string[] = [];
  try {
    loadDotEnv();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    problems.push(...error.problems);
  }
  const review = reviewEnvironment(process.env, [`--role=${role}`], (path) => readFileSync(path, "utf8"));
  return { ...review, problems: [...problems, ...review.problems] };
}

function portsOf(environment: Environment, progress: (step: string) => void): DoctorPorts {
  const now = () => new Date();
  const { app, github, access } = environment;
  return {
    environment,
    github: app === null ? null : appAt(github.api, app, now),
    clouds: operatorClouds(access),
    fetch,
    now,
    limits: TIME_LIMITS,
    progress,
  };
}

function appAt(
  baseUrl: string,
  { appId, privateKey }: NonNullable<Environment["app"]>,
  now: () => Date,
): GitHubApp {
  const clock = { now, wait: (milliseconds: number) => sleep(milliseconds) };
  return new GitHubApp({ appId, privateKey, baseUrl, clock, timeout: TIME_LIMITS.reading });
}
