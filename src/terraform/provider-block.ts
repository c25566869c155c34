import type { EvaluationContext } from "../hcl/evaluation/context.ts";
import { EvaluationError } from "../hcl/evaluation/context.ts";
import type { Block, Expression } from "../hcl/syntax/syntax.ts";
import { type ModulePath, moduleAddress } from "./address.ts";
import { Cell, type Report } from "./cell.ts";
import { type EvaluatedBody, evaluateResourceBody, valueOfBody } from "./evaluated-body.ts";
import { attributeOf } from "./module.ts";
import { type PlainValue, toPlain } from "./value-json.ts";

/** A `provider` block of one module instance; evaluated when first asked for, once. */
export class ProviderBlock {
  readonly name: string;
  readonly alias: string | null;
  /** `provider.aws`, `provider.aws.west`; in a module, that module's address comes first. */
  readonly address: string;
  readonly #body: Cell<EvaluatedBody>;
  #plain: PlainValue | null = null;

  constructor(block: Block, module: ModulePath, context: EvaluationContext) {
    const alias = attributeOf(block.body, "alias")?.value;
    this.name = block.labels[0]?.value ?? "";
    this.alias = alias === undefined ? null : literalText(alias);
    const steps = [moduleAddress(module), "provider", this.name, this.alias ?? ""];
    this.address = steps.filter((step) => step !== "").join(".");
    this.#body = new Cell(
      () => evaluateResourceBody(block.body, context, SILENT),
      () => new EvaluationError(`${this.address} needs its own arguments`, block.typeRange),
    );
  }

  body(): EvaluatedBody {
    return this.#body.get();
  }

  /**
   * The arguments as plain JSON, sensitive values included: for comparing, never for printing. Schemas of providers are
   * not at hand, so arguments whose name says that they are secret count as sensitive, too.
   */
  plain(): PlainValue {
    this.#plain ??= this.#toPlain();
    return this.#plain;
  }

  #toPlain(): PlainValue {
    const own = toPlain(valueOfBody(this.body()), [], true);
    const secret = [...this.body().attributes.keys()].filter((name) => SECRET_NAME.test(name));
    return { ...own, sensitive: [...own.sensitive, ...secret.map((name) => [name])] };
  }
}

const SECRET_NAME = /secret|token|password|credential|private|_key$/;

/** What fails in a provider block is no error of the resources. */
const SILENT: Report = { add() {} };

function literalText(node: Expression): string | null {
  const [part] = node.kind === "template" ? node.parts : [];
  return part?.kind === "text" ? part.value : null;
}
