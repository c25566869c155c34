import type { Json } from "../../../src/json/json.ts";
import { deletedBranch, type SentRequest } from "../github/layer.ts";
import type { LogLine } from "../service/process.ts";
import type { ServiceStage } from "../service/stage.ts";
import type { Page } from "./page.ts";

/**
 * Tells what the service does while it does it: from its log, and from what arrives at GitHub. What was before is not told
 * again. Gives what ends it.
 */
export function narrate(page: Page, stage: ServiceStage): () => void {
  stage.onLog = (line) => {
    const text = ofLog(line);
    if (text !== null) page.step(text);
  };
  let told = stage.github.requests.length;
  const look = () => {
    const { requests } = stage.github;
    for (; told < requests.length; told += 1) {
      const request = requests[told];
      const text = request?.by.kind === "installation" ? ofRequest(request) : null;
      if (text !== null) page.step(`  ${text}`);
    }
  };
  const timer = setInterval(look, 50);
  return () => {
    look();
    clearInterval(timer);
  };
}

function ofLog({ msg, opened, changed, gone }: LogLine): string | null {
  if (msg === "scans are due") return "the tick: a scan is due, and enqueued";
  if (msg === "repository scanned")
    return `scanned code, state and cloud: ${opened} new (what a rule ignores counts too), ${changed} changed, ${gone} gone`;
  return null;
}

/** What a request of the App does that people can see. */
function ofRequest(sent: SentRequest): string | null {
  const { method, path, body } = sent;
  const [, place = ""] = /^\/repos\/[^/]+\/[^/]+(\/.*)$/.exec(path) ?? [];
  const number = /\/(\d+)(?:\/|$)/.exec(place)?.[1];
  const request = `${method} ${place.replace(/\d+/g, "N").replace(/heads.*/, "heads/…")}`;
  switch (request) {
    case "POST /git/refs":
      return `the App makes the branch ${textIn(body, "ref").replace("refs/heads/", "")}`;
    case "POST /pulls":
      return "the App opens a pull request";
    case "POST /issues":
      return "the App opens an issue";
    case "POST /issues/N/comments":
      return `the App comments on #${number}`;
    case "PATCH /issues/N":
    case "PATCH /pulls/N":
      return textIn(body, "state") === "closed" ? `the App closes #${number}` : `the App updates #${number}`;
    case "POST /check-runs":
      return `a check run begins on commit ${textIn(body, "head_sha").slice(0, 7)}`;
    case "PATCH /check-runs/N":
      return `check run ${number} says "${textIn(body, "conclusion")}"`;
    default:
      return deletedBranch(sent) === null ? null : "the App deletes its branch";
  }
}

function textIn(body: Json, name: string): string {
  const value =
    typeof body === "object" && body !== null ? new Map(Object.entries(body)).get(name) : undefined;
  return typeof value === "string" ? value : "";
}
