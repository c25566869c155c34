import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { type ModulePath, moduleAddress } from "../address.ts";
import { Cell } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import type { Report } from "../cells/report.ts";
import { literalText } from "../code/literal.ts";
import { attributeOf } from "../code/module.ts";
import { type EvaluatedBody, evaluateResourceBody, valueOfBody } from "./evaluated-body.ts";
import { type PlainValue, toPlain } from "./value-json.ts";

/** What a provider block says at one time. */
export class ProviderContent {
  readonly body: EvaluatedBody;
  #plain: PlainValue | null = null;

  constructor(body: EvaluatedBody) {
    this.body = body;
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
    const own = toPlain(valueOfBody(this.body), [], true);
    const secret = [...this.body.attributes.keys()].filter((name) => SECRET_NAME.test(name));
    return { ...own, sensitive: [...own.sensitive, ...secret.map((name) => [name])] };
  }
}

/** The cell of what a provider block says. */
export class ProviderCell extends Cell<ProviderContent> {
  readonly provider: ProviderBlock;

  constructor(graph: Graph, provider: ProviderBlock, block: Block, context: EvaluationContext) {
    super(graph, {
      compute: () =>
        graph.quietly(() => new ProviderContent(evaluateResourceBody(block.body, context, silentIn(graph)))),
      cyclic: () => new EvaluationError(`${provider.address} needs its own arguments`, block.typeRange),
    });
    this.provider = provider;
  }
}

/** A `provider` block of one module instance; evaluated when first asked for, once. */
export class ProviderBlock {
  readonly name: string;
  readonly alias: string | null;
  /** `provider.aws`, `provider.aws.west`; in a module, that module's address comes first. */
  readonly address: string;
  readonly #content: ProviderCell;

  constructor(block: Block, module: ModulePath, context: EvaluationContext, graph: Graph) {
    const alias = attributeOf(block.body, "alias")?.value;
    this.name = block.labels[0]?.value ?? "";
    this.alias = alias === undefined ? null : (literalText(alias) ?? null);
    const steps = [moduleAddress(module), "provider", this.name, this.alias ?? ""];
    this.address = steps.filter((step) => step !== "").join(".");
    this.#content = new ProviderCell(graph, this, block, context);
  }

  get content(): ProviderContent {
    return this.#content.get();
  }

  body(): EvaluatedBody {
    return this.content.body;
  }

  plain(): PlainValue {
    return this.content.plain();
  }
}

const SECRET_NAME = /secret|token|password|credential|private|_key$/;

/** What fails in a provider block is no error of the resources. */
function silentIn(graph: Graph): Report {
  return {
    add() {},
    get depth() {
      return graph.depth;
    },
  };
}
