import type { Suspicion } from "../drift/model.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { timeText } from "../reports/wording.ts";
import type { Hold } from "../scan/admission.ts";
import { named } from "./command-replies.ts";

// What is answered to commands that waited for a scan.

/** Of what another decision has taken the place of. */
export const OVERTAKEN = md`something else was decided since then, and that counts.`;

/** What came of what was to be adopted: numbers of pull requests, and counts of drifts. */
interface AdoptedParts {
  readonly numbers: readonly number[];
  readonly done: number;
  /** Those whose branches others have committed to. */
  readonly theirs: readonly number[];
  /** Of what no pull request is there for. */
  readonly left: number;
  /** Sentences: why not, as far as that is known. */
  readonly whys: readonly string[];
  /** Of what was not decided. */
  readonly others: Markdown | null;
  readonly all: number;
}

export function adopted({ numbers, done, theirs, left, whys, others, all }: AdoptedParts): Markdown {
  const whole = done === all;
  const adopts = numbers.length === 1 ? ADOPTS : ADOPT;
  const parts = [
    ...(numbers.length === 0
      ? []
      : [
          whole
            ? md`${named(numbers)} ${adopts} it.`
            : md`${named(numbers)} ${adopts} ${done} of ${all} drifts.`,
        ]),
    ...(theirs.length === 0 ? [] : [md`${named(theirs)} ${theirs.length === 1 ? IS_THEIRS : ARE_THEIRS}`]),
    ...(left === 0
      ? []
      : [numbers.length + theirs.length === 0 ? notAdopted(whys) : md`Of the others, ${notAdopted(whys)}`]),
    ...(others === null ? [] : [others]),
  ];
  return joined(parts, " ");
}

const ADOPTS = md`adopts`;
const ADOPT = md`adopt`;
const IS_THEIRS = md`is open, and somebody else has committed to its branch, so Driftwright leaves it as it is: see there whether it adopts this as it is now.`;
const ARE_THEIRS = md`are open, and somebody else has committed to their branches, so Driftwright leaves them as they are: see there whether they adopt this as it is now.`;

/** @param whys sentences */
function notAdopted(whys: readonly string[]): Markdown {
  const reasons = whys.map((why) => text(why));
  return joined([md`the scan found no edit that can be made.`, ...reasons], " ");
}

/** @param stacks that the scan says nothing of that can be believed; none where everyone can read the names */
export function adoptedLater(stacks: readonly string[]): Markdown {
  const names = joined(
    stacks.slice(0, MOST_NAMES).map((stack) => code(stack, 80)),
    ", ",
  );
  const whose = stacks.length === 0 ? md`its stack` : names;
  return md`noted, and nothing is written of it yet: the last scan of ${whose} failed or is not believed. What is open stays as it is until a scan is believed; \`/drift confirm\` has one believed that found too much at once.`;
}

const MOST_NAMES = 20;

/** What keeps back for now what was asked for; `holds` is not empty. */
export function heldBack(holds: readonly Hold[]): Markdown {
  const reasons = [...new Set(holds.map(holdMarkdown))];
  return md`noted. ${joined(reasons, " ")} Then it is done, and this comment then says what came of it.`;
}

function holdMarkdown(hold: Hold): Markdown {
  switch (hold.by) {
    case "freeze":
      return md`A freeze lasts until ${timeOf(hold.until)}, and no pull request is opened or changed before its end.`;
    case "newPerHour":
      return md`As many issues and pull requests were opened in this hour as \`new_per_hour\` lets in, so it waits until ${timeOf(hold.until)} at the earliest.`;
    case "openPullRequests":
      return hold.limit === 0
        ? md`No pull request is opened while \`open_pull_requests\` is 0, so it waits until that is raised.`
        : md`As many pull requests are open as \`open_pull_requests\` lets in (${hold.limit}), so it waits until one of them is merged or closed.`;
  }
}

function timeOf(time: Date): Markdown {
  return text(timeText(time.toISOString()));
}

/** A stack of which the scan is not believed. */
interface NotBelieved {
  readonly name: string;
  readonly suspicion: Suspicion;
}

/** What a scan found of what an issue or pull request is about. */
export function scanned(at: Date, status: keyof typeof FOUND): Markdown {
  return md`${scannedAt(at)} ${FOUND[status]}`;
}

const FOUND = {
  gone: md`This drift is gone: the scan does not find it any more.`,
  there: md`The drift is still there.`,
  unread: md`Its stack could not be scanned in full, so nothing new is known.`,
  many: md`What is told above is up to date.`,
  closed: md`This is closed, so what is told above stays as it was; what is open elsewhere is up to date.`,
} as const;

/** The same of what is in a suspect stack. */
export function scannedInVain(at: Date, stack: NotBelieved, namesNone: boolean): Markdown {
  return md`${scannedAt(at)} ${unbelieved([stack], namesNone)}`;
}

/** The same of an issue about several; counts. */
export function scannedSeveral(
  at: Date,
  { there, gone, unread, suspect }: Readonly<Record<"there" | "gone" | "unread" | "suspect", number>>,
  { stacks, namesNone }: { readonly stacks: readonly NotBelieved[]; readonly namesNone: boolean },
): Markdown {
  const parts = [
    ...(there === 0 ? [] : [md`${there} still there`]),
    ...(gone === 0 ? [] : [md`${gone} gone`]),
    ...(unread === 0
      ? []
      : [md`${unread} of which nothing new is known, since the stack could not be scanned in full`]),
    ...(suspect === 0 ? [] : [md`${suspect} told as before, since the scan of the stack is not believed`]),
  ];
  const counts = md`${scannedAt(at)} Of ${there + gone + unread + suspect} drifts: ${joined(parts, ", ")}.`;
  return suspect === 0 ? counts : md`${counts} ${unbelieved(stacks, namesNone)}`;
}

function scannedAt(at: Date): Markdown {
  return md`scanned at ${text(at.toISOString().slice(0, 16).replace("T", " "))} (UTC).`;
}

/** Why scans are not believed, and what has them believed. */
function unbelieved(stacks: readonly NotBelieved[], namesNone: boolean): Markdown {
  const shown = stacks.slice(0, MOST_NAMES);
  const of = (suspicion: Suspicion) => shown.filter((stack) => stack.suspicion === suspicion);
  const names = (some: readonly NotBelieved[]) =>
    namesNone
      ? md`its stack`
      : joined(
          some.map(({ name }) => code(name, 80)),
          ", ",
        );
  const [extent, state] = [of("extent"), of("state")];
  const confirm = namesNone
    ? md`\`/drift confirm\` has`
    : md`${joined(
        extent.map(({ name }) => code(`/drift confirm ${name}`, 300)),
        ", ",
      )} ${extent.length === 1 ? HAS : HAVE}`;
  return joined(
    [
      ...(extent.length === 0
        ? []
        : [
            md`The scan of ${names(extent)} is not believed, since too much is different there at once, so what is told stays as it was before. ${confirm} it believed, where all that it found is so.`,
          ]),
      ...(state.length === 0
        ? []
        : [
            md`The scan of ${names(state)} is not believed, since the state there is that of another stack, so what is told stays as it was before. Correct where its state is.`,
          ]),
    ],
    " ",
  );
}

const HAS = md`has`;
const HAVE = md`have`;
