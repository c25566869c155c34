import type { Finding } from "../drift/model.ts";
import { touchesPath } from "../drift/path-match.ts";
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

/** Where a change touches what has drifted in a stack. What several drifts of an instance share is asked once. */
export class TouchedDrift {
  readonly #engine: Pick<Engine, "deciding">;
  readonly #stack: string;
  readonly #changed: Pick<ChangedLines, "of">;
  readonly #known = new Map<string, Promise<Lines[]>>();

  constructor(engine: Pick<Engine, "deciding">, stack: string, changed: Pick<ChangedLines, "of">) {
    this.#engine = engine;
    this.#stack = stack;
    this.#changed = changed;
  }

  /**
   * Those of the drifted values, where the change touches these; else those of the instance.
   * @param touched where the change touches the instance
   */
  async of({ address, changes }: Pick<Finding, "address" | "changes">, touched: readonly Path[]) {
    const own = touched.filter((path) => changes.some((each) => touchesPath([path], each.path, "any")));
    const places = own.length === 0 ? [] : await this.#at(address, own);
    return places.length === 0 ? this.#at(address, touched) : places;
  }

  #at(address: string, paths: readonly Path[]): Promise<Lines[]> {
    const key = JSON.stringify([address, paths]);
    const instance = { stack: this.#stack, address, paths };
    const known = this.#known.get(key) ?? touchedPlaces(this.#engine, instance, this.#changed);
    this.#known.set(key, known);
    return known;
  }
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
