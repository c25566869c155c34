import { touchesPath } from "../drift/path-match.ts";
import { impactAt } from "../drift/rule-path.ts";
import type { RuleBook } from "../drift/rules.ts";
import type { Path } from "../json/path.ts";
import { codeOf, type DeclaredInstance } from "./declared-code.ts";
import { touchedPaths } from "./touched-paths.ts";

/** What a change does to an instance: the paths that it sets anew, and whether that needs a new resource. */
interface Planned {
  readonly touched: readonly Path[];
  readonly replaced: boolean;
}

const NOTHING: Planned = { touched: [], replaced: false };

/**
 * Which instances a change of the code replaces because their `replace_triggered_by` names what it changes
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#replace_triggered_by).
 */
export class Triggers {
  readonly #before: ReadonlyMap<string, DeclaredInstance>;
  readonly #after: ReadonlyMap<string, DeclaredInstance>;
  readonly #book: RuleBook;
  readonly #planned = new Map<string, Planned>();

  constructor(
    before: ReadonlyMap<string, DeclaredInstance>,
    after: ReadonlyMap<string, DeclaredInstance>,
    book: RuleBook,
  ) {
    this.#before = before;
    this.#after = after;
    this.#book = book;
  }

  replace(address: string): boolean {
    const triggers = this.#after.get(address)?.lifecycle.replaceTriggeredBy ?? [];
    return triggers.some(({ address: of, path }) => this.#fires(of, path));
  }

  #fires(address: string, path: Path): boolean {
    const { touched, replaced } = this.#plan(address);
    if (path.length === 0) return replaced || touched.length > 0;
    return touchesPath(touched, path, "any") || (replaced && !this.#isSaid(address, path));
  }

  /** What the provider computes is another in a new resource. */
  #isSaid(address: string, [name]: Path): boolean {
    return Object.hasOwn(this.#after.get(address)?.desired ?? {}, String(name));
  }

  #plan(address: string): Planned {
    const known = this.#planned.get(address);
    if (known !== undefined) return known;
    // Terraform refuses instances that trigger each other; here they end.
    this.#planned.set(address, NOTHING);
    const [was, is] = [this.#before.get(address), this.#after.get(address)];
    const [before, after] = [was, is].map((one) => (one === undefined ? null : codeOf(one, this.#book)));
    if (!before || !after || is === undefined) return NOTHING;
    const touched = touchedPaths(before, after);
    const isReplaced = touched.some((path) => impactAt(this.#book, is.type, path) === "replace");
    const planned = { touched, replaced: isReplaced || this.replace(address) };
    this.#planned.set(address, planned);
    return planned;
  }
}
