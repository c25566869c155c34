import type { Lines } from "../engine/api.ts";
import type { Engine } from "../engine/engine.ts";
import { type Path, printPath } from "../json/path.ts";
import type { ChangedLines, Stretch } from "./changed-lines.ts";

/**
 * Where a change touches an instance: those of the changed lines that take part in deciding the values at `paths`
 * (without paths: whether the instance is there at all), in `engine`'s code, which is that after the change. By file
 * and line, neighbours together.
 */
export async function touchedPlaces(
  engine: Pick<Engine, "deciding">,
  instance: { readonly stack: string; readonly address: string; readonly paths: readonly Path[] },
  changed: Pick<ChangedLines, "of">,
): Promise<Lines[]> {
  const { stack, address, paths } = instance;
  const deciding = await engine.deciding({ stack, address, paths: paths.map(printPath) });
  return [...Map.groupBy(deciding, ({ file }) => file)].flatMap(([file, lines]) =>
    merged(lines.flatMap((each) => shared(each, changed.of(file)))).map((stretch) => ({ file, ...stretch })),
  );
}

function shared({ from, to }: Stretch, changed: readonly Stretch[]): Stretch[] {
  return changed
    .map((each) => ({ from: Math.max(from, each.from), to: Math.min(to, each.to) }))
    .filter((each) => each.from <= each.to);
}

/** Stretches that overlap or follow each other at once become one. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const each of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last === undefined || each.from > last.to + 1) found.push(each);
    else found[found.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
  }
  return found;
}
