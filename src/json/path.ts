/** The way from a resource instance to one of its values: attribute names and map keys as text, elements as numbers. */
export type Path = readonly PathStep[];
export type PathStep = string | number;

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const STEP = /(?:^|\.)([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** A text that is no path. */
export class PathError extends Error {
  override readonly name = "PathError";
}

/**
 * Prints a path: `tags.Name`, `ingress[0].cidr_blocks[1]`, `tags["kubernetes.io/role"]`.
 * Reads back with `parsePath`.
 */
export function printPath(path: Path): string {
  return path.map((step, index) => printStep(step, index === 0)).join("");
}

function printStep(step: PathStep, first: boolean): string {
  if (typeof step === "number") return `[${step}]`;
  if (!PLAIN_KEY.test(step)) return `[${JSON.stringify(step)}]`;
  return first ? step : `.${step}`;
}

/**
 * Reads a path as `printPath` prints it; a key may stand in either form (`tags.Name`, `tags["Name"]`).
 * @throws PathError that shows where the text stops being a path.
 */
export function parsePath(text: string): Path {
  const path: PathStep[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const step = text.startsWith(".") ? null : STEP.exec(text);
    if (step === null) throw new PathError(unreadable(text, at));
    const [, name, index, key] = step;
    if (name !== undefined) path.push(name);
    else if (index !== undefined) path.push(Number(index));
    else path.push(parseKey(key ?? '""', text, at));
  }
  if (path.length === 0)
    throw new PathError("the path is empty; write one such as tags.Name or ingress[0].cidr_blocks");
  return path;
}

function parseKey(quoted: string, text: string, at: number): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new PathError(unreadable(text, at));
  }
}

function unreadable(text: string, at: number): string {
  return `cannot read the path ${JSON.stringify(text)} from character ${at + 1} on; write name.key, name["key"] or name[0]`;
}
