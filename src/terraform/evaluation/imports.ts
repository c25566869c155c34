import { bindIterator, type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { iterate } from "../../hcl/evaluation/iterate.ts";
import type { Block, Expression } from "../../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../../hcl/values/convert.ts";
import { STRING } from "../../hcl/values/type.ts";
import { writtenOrigin } from "../../hcl/values/written-origin.ts";
import { type InstanceKey, printAddress } from "../address.ts";
import { diagnosticOf, type Report } from "../cells/report.ts";
import { attributeOf } from "../code/module.ts";
import { placeOf } from "../place.ts";
import { isDeclared } from "./declared-place.ts";
import { expand } from "./expansion.ts";
import type { ModuleInstance } from "./module-instance.ts";

/** What an import costs, in elements of collections. */
const COST = 5;

/**
 * The cloud's ids that the root module's `import` blocks give to instances, by address
 * (https://developer.hashicorp.com/terraform/language/block/import). Blocks of which the instance or the id is not known
 * are left out; so are those with `identity`. Only `isWanted` addresses are looked at: a block that was applied stays in
 * the code, and whatever it says then means nothing any more. One that names what is neither declared nor recorded is an
 * error.
 */
export function readImports(
  root: ModuleInstance,
  isWanted: (address: string) => boolean,
  report: Report,
  isRecorded: (address: string) => boolean = () => true,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const block of root.module.imports) {
    try {
      for (const context of contextsOf(block, root.context, report)) {
        const to = attributeOf(block.body, "to")?.value ?? null;
        const place = placeOf(to, (node) => keyIn(node, context));
        if (place === null || place.resource === null) continue;
        const address = printAddress({ module: place.module, mode: "managed", ...place.resource });
        if (!isRecorded(address) && isDeclared(root, place, false) === "no") {
          const message = `there is no ${address} to import into; declare it, or take this import block out`;
          report.add({ severity: "error", message, range: to });
        }
        if (!isWanted(address) || found.has(address)) continue;
        const id = idOf(block, context);
        if (id !== null) found.set(address, id);
        else warn(report, block, `the id to import ${address} from is not known; it is not looked for`);
      }
    } catch (error) {
      report.add(diagnosticOf(error, report, block.typeRange));
    }
  }
  return found;
}

/** Other than a resource's, the `for_each` of an import may be a list. */
function contextsOf(block: Block, context: EvaluationContext, report: Report): Iterable<EvaluationContext> {
  const forEach = attributeOf(block.body, "for_each")?.value;
  const given = forEach === undefined ? null : evaluate(forEach, context);
  if (forEach !== undefined && (given?.kind === "list" || given?.kind === "tuple")) {
    context.budget.instances(given.items.length * COST);
    const elements = [...iterate(given, forEach)];
    return elements.map((element) =>
      bindIterator(context, "each", element, { expression: forEach, context, path: [element.step] }),
    );
  }
  const expansion = expand(block.body, context, () => [], COST);
  if (expansion.unknown) warn(report, block, "for_each of this import is not known; it is left out");
  return expansion.instances.values();
}

function keyIn(node: Expression, context: EvaluationContext): InstanceKey | undefined {
  const value = evaluate(node, context);
  if (value.kind === "string") return value.value;
  return value.kind === "number" ? Number(value.value) : undefined;
}

/** Null where it is not known, or sensitive: an id is shown. */
function idOf(block: Block, context: EvaluationContext): string | null {
  const id = attributeOf(block.body, "id")?.value;
  if (id === undefined) return null;
  const given = evaluate(id, context);
  if (given.sensitive) return null;
  try {
    const value = convert(given, STRING);
    if (value.kind === "string" && value.value !== "") return value.value;
    // A state may be older than the code.
    if (value.kind === "unknown" || writtenOrigin(value).kind === "state") return null;
    throw new EvaluationError("an id to import from is neither null nor empty", id);
  } catch (error) {
    if (error instanceof ConversionError) throw new EvaluationError(`id: ${error.message}`, id);
    throw error;
  }
}

function warn(report: Report, { typeRange }: Block, message: string): void {
  report.add({ severity: "warning", message, range: typeRange });
}
