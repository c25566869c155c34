import type { Expression } from "../hcl/syntax/syntax.ts";

/** A text or number as it is written, which is made of nothing else. */
export function isLiteral(node: Expression): boolean {
  if (node.kind === "template") return node.parts.every((part) => part.kind === "text");
  if (node.kind === "unary") return node.operand.kind === "number";
  return node.kind === "number" || node.kind === "keyword";
}

/** What a literal says, blanks around it aside; null for what is none, and for `true`, `false` and `null`. */
export function literalText(node: Expression): string | null {
  if (node.kind === "number") return node.text;
  if (node.kind !== "template" || !isLiteral(node)) return null;
  return node.parts
    .map((part) => (part.kind === "text" ? part.value : ""))
    .join("")
    .trim();
}

/** Whether something that somebody could keep secret stands in an expression itself, not in what it refers to. */
export function saysSomething(node: Expression): boolean {
  if (node.kind === "keyword") return false;
  if (node.kind !== "template") return true;
  return node.parts.some(
    (part) => part.kind !== "interpolation" && !(part.kind === "text" && isStructure(part.value)),
  );
}

/** Separators, the scheme of an address, what `format` puts values in for. */
function isStructure(text: string): boolean {
  const rest = text.replace(/^[a-z][a-z0-9+.-]*:\/\//, "");
  return rest.split(/%[a-z]/).every((part) => part.trim().length <= 3 && !/[\p{L}\p{N}]/u.test(part));
}
