import { quoteJson } from "../../../hcl/functions/json.ts";
import { compareText } from "../../../hcl/values/text-order.ts";
import type { Policy, PolicyCondition, PolicyPrincipal, PolicyStatement, Strings } from "./policy-model.ts";

/** What is printed: members of objects in the order they are written in. */
type Node = string | readonly Node[] | ReadonlyMap<string, Node>;

/** The document as the provider prints it, on one line or with two spaces a level. */
export function printPolicy(policy: Policy, form: "minified" | "indented"): string {
  const node = members([
    ["Version", policy.version],
    ["Id", policy.id],
    ["Statement", policy.statements.map(statementNode)],
  ]);
  return form === "minified" ? printMinified(node) : printIndented(node, "");
}

function statementNode(statement: PolicyStatement): Node {
  const { sid, effect, actions, notActions, resources, notResources } = statement;
  const { principals, notPrincipals, conditions } = statement;
  return members([
    ["Sid", sid],
    ["Effect", effect],
    ["Action", actions],
    ["NotAction", notActions],
    ["Resource", resources],
    ["NotResource", notResources],
    ["Principal", principals.length === 0 ? null : principalNode(principals)],
    ["NotPrincipal", notPrincipals.length === 0 ? null : principalNode(notPrincipals)],
    ["Condition", conditions.length === 0 ? null : conditionNode(conditions)],
  ]);
}

/** Without what is empty, but for lists that were given as such. */
function members(entries: readonly (readonly [string, Node | null])[]): Node {
  const given = entries.flatMap(([name, node]): (readonly [string, Node])[] => {
    const left =
      node === null || (["Version", "Id", "Sid", "Effect", "Statement"].includes(name) && isVoid(node));
    return left ? [] : [[name, node]];
  });
  return new Map(given);
}

function isVoid(node: Node): boolean {
  return node === "" || (Array.isArray(node) && node.length === 0);
}

/** `*` for everybody alone is a text; what is a list is written in reverse order. */
function principalNode(principals: readonly PolicyPrincipal[]): Node {
  const [only, ...more] = principals;
  if (more.length === 0 && only?.type === "*" && listOf(only.identifiers).join() === "*") return "*";
  const byType = new Map<string, Strings>();
  for (const { type, identifiers } of principals) {
    const known = byType.get(type);
    const own = typeof identifiers === "string" ? [identifiers] : identifiers.toSorted(compareText).reverse();
    if (known !== undefined) byType.set(type, [...listOf(known), ...own]);
    else byType.set(type, typeof identifiers === "string" ? identifiers : own);
  }
  return inKeyOrder(byType);
}

function conditionNode(conditions: readonly PolicyCondition[]): Node {
  const byTest = new Map<string, Map<string, readonly string[]>>();
  for (const { test, variable, values } of conditions) {
    const byVariable = byTest.get(test) ?? new Map<string, readonly string[]>();
    byTest.set(test, byVariable);
    byVariable.set(variable, [...(byVariable.get(variable) ?? []), ...values]);
  }
  return inKeyOrder(new Map([...byTest].map(([test, byVariable]) => [test, flattened(byVariable)] as const)));
}

function flattened(byVariable: ReadonlyMap<string, readonly string[]>): Node {
  return inKeyOrder(
    new Map(
      [...byVariable].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
    ),
  );
}

function listOf(strings: Strings): readonly string[] {
  return typeof strings === "string" ? [strings] : strings;
}

function inKeyOrder(map: ReadonlyMap<string, Node>): Node {
  return new Map([...map].toSorted(([a], [b]) => compareText(a, b)));
}

function printMinified(node: Node): string {
  if (typeof node === "string") return quoteJson(node);
  if (isList(node)) return `[${node.map(printMinified).join(",")}]`;
  return `{${Array.from(node, ([key, child]) => `${quoteJson(key)}:${printMinified(child)}`).join(",")}}`;
}

function printIndented(node: Node, indentation: string): string {
  if (typeof node === "string") return quoteJson(node);
  const inner = `${indentation}  `;
  const [open, close] = isList(node) ? ["[", "]"] : ["{", "}"];
  const lines = isList(node)
    ? node.map((item) => printIndented(item, inner))
    : Array.from(node, ([key, child]) => `${quoteJson(key)}: ${printIndented(child, inner)}`);
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => inner + line).join(",\n")}\n${indentation}${close}`;
}

function isList(node: Node): node is readonly Node[] {
  return Array.isArray(node);
}
