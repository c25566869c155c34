import {
  type Actor,
  type Finding,
  type Impact,
  type Place,
  SEVERITIES,
  type StackStatus,
} from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { code, type Markdown, md, text } from "./markdown.ts";
import { cut, plainLine, visible } from "./visible.ts";

/** Our own words with untrusted values between them, for Markdown and for plain text alike. */
export interface Phrase {
  readonly words: readonly string[];
  readonly values: readonly string[];
}

/** say`${address} was deleted outside the code` */
function say(words: TemplateStringsArray, ...values: readonly string[]): Phrase {
  return { words, values };
}

export function phraseMarkdown(phrase: Phrase): Markdown {
  return phrase.words
    .map((words, index) => {
      const value = phrase.values[index];
      return `${words}${value === undefined ? "" : code(value)}`;
    })
    .join("") as Markdown;
}

export function phraseText(phrase: Phrase): string {
  return phrase.words
    .map((words, index) => `${words}${cut(visible(phrase.values[index] ?? ""), 240)}`)
    .join("");
}

/** The attribute that a finding is about: the path of its one change, else the attributes in which its changes are. */
export function attributeOf(finding: Finding): string | null {
  const [first, ...others] = finding.changes;
  if (first === undefined) return null;
  if (others.length === 0) return printPath(first.path);
  return rootsOf(finding).join(", ");
}

/** The names of the attributes in which the changes of a finding are, each once. */
export function rootsOf(finding: Finding): readonly string[] {
  return [...new Set(finding.changes.map((change) => printPath(change.path.slice(0, 1))))];
}

/** One sentence without its full stop: what was found. */
export function happened(finding: Finding): Phrase {
  const attribute = attributeOf(finding);
  return attribute === null ? instanceHappened(finding) : attributeHappened(finding, attribute);
}

function attributeHappened(finding: Finding, attribute: string): Phrase {
  const { address } = finding;
  switch (finding.kind) {
    case "absorbed":
      return say`${attribute} of ${address} was changed outside the code, and the state has taken the change over`;
    case "conflict":
      return say`${attribute} of ${address} differs between the code, the state and the cloud`;
    case "unapplied":
      return say`${attribute} of ${address} was changed in the code and is not applied yet`;
    case "stale-state":
      return say`${attribute} of ${address} is out of date in the state; the code and the cloud agree`;
    case "unreadable":
      return say`${attribute} of ${address} could not be read from the cloud`;
    case "version":
      return say`${attribute} of ${address} differs between environments`;
    default:
      return say`${attribute} of ${address} was changed outside the code`;
  }
}

function instanceHappened(finding: Finding): Phrase {
  const { address, resource } = finding;
  switch (finding.kind) {
    case "deleted":
      return say`${address} was deleted outside the code`;
    case "unmanaged":
      return say`${resource.type} ${resource.id ?? address} runs in the cloud, and no code declares it`;
    case "stale-state":
      return say`${address} is recorded in the state, and neither the code nor the cloud has it`;
    case "pending-create":
      return say`${address} is in the code and not created yet`;
    case "pending-destroy":
      return say`${address} is no longer in the code; the next apply destroys it`;
    case "needs-import":
      return say`${address} is in the code and in the cloud, and the state does not know it`;
    case "unapplied":
      return say`${address} was changed in the code and is not applied yet`;
    case "unreadable":
      return say`${address} could not be read from the cloud`;
    case "version":
      return say`${address} differs in its version between environments`;
    default:
      return say`${address} was changed outside the code`;
  }
}

/** One word or two for tables. */
export const KIND_WORDS: Readonly<Record<Finding["kind"], string>> = {
  drift: "drift",
  absorbed: "absorbed drift",
  conflict: "conflict",
  deleted: "deleted outside the code",
  unmanaged: "unmanaged (no code declares it)",
  unapplied: "not applied yet",
  "stale-state": "stale state",
  "pending-create": "pending create",
  "pending-destroy": "pending destroy",
  "needs-import": "needs import",
  unreadable: "not readable",
  version: "version skew",
};

const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  "in-place": "changes in place; the resource keeps running",
  restart: "restarts the resource",
  replace: "destroys the resource and creates a new one",
  "data-loss": "loses data",
  unknown: "not known; look at the plan before you apply it",
};

/** What a step does to a resource. Of what was deleted nothing is there to be destroyed. */
export function impactWords(impact: Impact, kind: Finding["kind"]): string {
  return kind === "deleted" && impact === "replace" ? "creates a new resource" : IMPACT_WORDS[impact];
}

export const STATUS_WORDS: Readonly<Record<StackStatus, string>> = {
  complete: "complete",
  incomplete: "incomplete: a part could not be read",
  suspect:
    "suspect: too much changed at once, or the state is another stack's, so nothing is written until a person confirms it or the next scan disagrees",
  failed: "failed: not scanned",
};

export function bySeverity(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || compare(a.address, b.address);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function placeText(place: Place): string {
  return `${place.file}:${place.line}`;
}

/** Who changed it: `alice (user, through the console) on 2026-10-01 10:00 UTC`. */
export function actorMarkdown(actor: Actor): Markdown {
  const how = [actor.kind, VIA_WORDS[actor.via]]
    .filter((word) => word !== "" && word !== "unknown")
    .join(", ");
  const manner = how === "" ? md`` : md` (${how as Markdown})`;
  return md`${code(actor.name, 120)}${manner} on ${text(timeText(actor.at), 40)}; evidence: ${code(actor.evidence, 120)}`;
}

/** The same as plain text of one line, without the evidence. */
export function actorText(actor: Actor): string {
  return `${cut(visible(actor.name), 120)} ${VIA_WORDS[actor.via]}`
    .trim()
    .concat(` on ${visible(timeText(actor.at))}`);
}

const VIA_WORDS: Readonly<Record<Actor["via"], string>> = {
  console: "through the console",
  cli: "with the command line",
  sdk: "through the API",
  terraform: "with Terraform",
  service: "by a service",
  unknown: "",
};

/** `2026-10-01 10:00 UTC`; a text that is no time stays as it is. */
export function timeText(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A reason of the engine's as a sentence. What it begins with may be a name, and stays as it is. */
export function sentence(why: string): string {
  return stopped(why.replace(/^evaluation shows\b/, "Evaluation shows"));
}

/** The same after words of ours. */
export function stopped(why: string): string {
  return /[.!?]$/.test(why) ? why : `${why}.`;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A title made of our words and cut values; GitHub allows 256 characters. */
export function title(words: string): string {
  return plainLine(words, 220);
}
