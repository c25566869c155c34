import type { Reference } from "../../hcl/evaluation/context.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import { textOf } from "../../hcl/syntax/source.ts";
import type { Block, Expression } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "./body-index.ts";
import { wrongFlag } from "./flag-rules.ts";
import { staticReference } from "./static-reference.ts";
import type { Wrong } from "./wrong.ts";

/** A part of an address as code writes it: the kind of thing, and whether an instance key stands in it. */
interface Written {
  readonly kind: "module" | "resource" | "data";
  readonly hasKey: boolean;
}

/** Names with another meaning, so that no resource type starts an address with them. */
const OTHER_ROOTS = new Set(["var", "local", "each", "count", "path", "terraform", "self", "ephemeral"]);

/** What is wrong in a `moved`, `removed` or `import` block. */
export function wrongAddresses(block: Block): Wrong[] {
  switch (block.type) {
    case "moved":
      return wrongMove(block);
    case "removed":
      return wrongRemoval(block);
    case "import":
      return wrongImport(block);
    default:
      return [];
  }
}

function wrongMove({ body, typeRange }: Block): Wrong[] {
  const [from, to] = ["from", "to"].map((name) => attributeOf(body, name)?.value);
  if (from === undefined || to === undefined) return [];
  const wrong = [from, to].flatMap((node): Wrong[] =>
    writtenAddress(node) === null ? [noAddress(node)] : [],
  );
  if (wrong.length > 0) return wrong;
  if ((writtenAddress(from)?.kind === "module") === (writtenAddress(to)?.kind === "module")) return [];
  const message = "from and to have to be two resources, or two modules; give both as the same";
  return [{ message, range: typeRange }];
}

function wrongRemoval({ body }: Block): Wrong[] {
  const from = attributeOf(body, "from")?.value;
  if (from === undefined) return [];
  const address = writtenAddress(from);
  const wrong: Wrong[] = [];
  if (address === null) wrong.push(noAddress(from));
  else if (address.kind === "data") {
    wrong.push({ message: "a data source is not removed; take out its data block", range: from });
  } else if (address.hasKey) {
    wrong.push({ message: "only a whole resource or module is removed; leave out the index", range: from });
  }
  const lifecycle = body.items
    .filter((item) => item.kind === "block")
    .find(({ type }) => type === "lifecycle");
  return lifecycle === undefined ? wrong : [...wrong, ...wrongFlag(lifecycle, "destroy")];
}

function wrongImport({ body, typeRange }: Block): Wrong[] {
  const wrong: Wrong[] = [];
  if (attributeOf(body, "id") === null && attributeOf(body, "identity") === null) {
    wrong.push({ message: "this import block needs an id", range: typeRange });
  }
  const to = attributeOf(body, "to")?.value;
  const address = to === undefined ? null : writtenAddress(to, "any");
  if (to === undefined) return wrong;
  if (address === null || address.kind === "module") wrong.push(noAddress(to));
  else if (address.kind === "data")
    wrong.push({ message: "a data source cannot be imported, only a resource can", range: to });
  return wrong;
}

/** Import blocks that name one instance twice, as far as they are written out. */
export function repeatedImports(imports: readonly Block[]): Wrong[] {
  const known = new Set<string>();
  return imports.flatMap(({ body }): Wrong[] => {
    const to = attributeOf(body, "to")?.value;
    if (to === undefined || staticReference(to) === null) return [];
    const address = textOf(to).replace(/\s/g, "");
    if (known.has(address))
      return [{ message: `${address} is imported by another block already`, range: to }];
    known.add(address);
    return [];
  });
}

function noAddress(range: Expression): Wrong {
  return {
    message: "this is no address; write one such as aws_instance.web, aws_instance.web[0] or module.shop",
    range,
  };
}

function anyReference(node: Expression): Reference | null {
  const isAccess = node.kind === "variable" || node.kind === "get-attribute" || node.kind === "index";
  return isAccess ? referenceOf(node) : null;
}

/** What `[module.NAME[KEY].]… [data.]TYPE.NAME[KEY]` names; null where an expression is no such thing. */
function writtenAddress(node: Expression, keys: "written" | "any" = "written"): Written | null {
  const reference = keys === "any" ? anyReference(node) : staticReference(node);
  if (reference === null || OTHER_ROOTS.has(reference.root.name)) return null;
  const steps = [
    reference.root.name,
    ...reference.steps.map((step) => (step.kind === "index" ? null : step.name)),
  ];
  let hasKey = false;
  const takeKey = () => {
    if (steps[0] !== null) return;
    steps.shift();
    hasKey = true;
  };
  while (steps[0] === "module") {
    steps.shift();
    if (typeof steps.shift() !== "string") return null;
    takeKey();
  }
  if (steps.length === 0) return { kind: "module", hasKey };
  const kind = steps[0] === "data" ? "data" : "resource";
  if (kind === "data" || steps[0] === "resource") steps.shift();
  if (typeof steps.shift() !== "string" || typeof steps.shift() !== "string") return null;
  takeKey();
  return steps.length === 0 ? { kind, hasKey } : null;
}
