import { undoes } from "../drift/apply-effect.ts";
import type { Change } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import type { Affected, CodeLines } from "./affected.ts";
import { EFFECT_WORDS } from "./apply-words.ts";
import { readingText } from "./values.ts";
import { cut, visible, visibleLines } from "./visible.ts";
import { actorText, capital, happened, KIND_WORDS, phraseText, title } from "./wording.ts";

/** One annotation as the API of check runs takes it; all texts are plain. At most 50 fit into one request. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning";
  readonly title: string;
  readonly message: string;
}

/** GitHub allows 64 KB a message and 255 characters a title. */
const LONGEST_MESSAGE = 4_000;

/** GitHub takes any number, a reader does not. */
const MOST_ANNOTATIONS = 200;

/** One annotation for each stretch of lines with which the change touches a drifted instance. */
export function annotations(affected: readonly Affected[]): readonly Annotation[] {
  return affected
    .flatMap((one) => one.places.map((place) => annotation(one, place)))
    .slice(0, MOST_ANNOTATIONS);
}

function annotation(
  { finding, stack, effect, acknowledged, adoptedBy }: Affected,
  { file, from, to }: CodeLines,
): Annotation {
  const values = finding.changes.map((change) => visible(cut(changeText(change), 400)));
  const message = [
    `${phraseText(happened(finding))} (stack ${cut(visible(stack.name), 120)}).`,
    ...values,
    ...(finding.actor === null ? [] : [`Changed by ${actorText(finding.actor)}.`]),
    `Applying this change ${EFFECT_WORDS[effect]}.`,
    ...(adoptedBy === undefined ? [] : [`#${adoptedBy} adopts it.`]),
    ...(acknowledged === undefined ? [] : [`Acknowledged for this pull request by ${acknowledged.by}.`]),
  ];
  return {
    path: file,
    start_line: from,
    end_line: to,
    annotation_level: undoes(effect) && acknowledged === undefined ? "warning" : "notice",
    title: title(
      `${capital(finding.severity)} ${KIND_WORDS[finding.kind]}: ${cut(visible(finding.address), 120)}`,
    ),
    message: cut(visibleLines(message.join("\n")), LONGEST_MESSAGE),
  };
}

function changeText(change: Change): string {
  return `${printPath(change.path)}: ${readingText(change.desired)} → ${readingText(change.observed)}`;
}
