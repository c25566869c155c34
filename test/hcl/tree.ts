import type { Expression, TemplatePart } from "../../src/hcl/syntax/syntax.ts";

/** An expression as one line with a pair of parentheses a node, so that its structure can be read off. */
export function show(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return expression.text;
    case "keyword":
      return String(expression.value);
    case "variable":
      return expression.name;
    case "template":
      return `"${expression.parts.map(showPart).join("|")}"`;
    case "get-attribute":
      return `(. ${show(expression.object)} ${expression.name})`;
    case "index":
      return `([] ${show(expression.collection)} ${show(expression.key)})`;
    case "splat":
      return `(each ${show(expression.source)} ${show(expression.each)})`;
    case "splat-item":
      return "@";
    case "call":
      return `(${[expression.name, ...expression.arguments.map(show)].join(" ")}${expression.expand ? "..." : ""})`;
    case "unary":
      return `(${expression.operator} ${show(expression.operand)})`;
    case "binary":
      return `(${expression.operator} ${show(expression.left)} ${show(expression.right)})`;
    case "conditional":
      return `(? ${show(expression.condition)} ${show(expression.then)} ${show(expression.else)})`;
    case "tuple":
      return `[${expression.items.map(show).join(" ")}]`;
    case "object":
      return `{${expression.items.map((item) => `${show(item.key)}=${show(item.value)}`).join(" ")}}`;
    case "parentheses":
      return `<${show(expression.inner)}>`;
    case "for": {
      const names = expression.keyName === null ? "" : `${expression.keyName},`;
      const key = expression.key === null ? "" : `${show(expression.key)}=>`;
      const value = `${key}${show(expression.value)}${expression.grouping ? "..." : ""}`;
      const condition = expression.condition === null ? "" : ` if ${show(expression.condition)}`;
      return `(for ${names}${expression.valueName} ${show(expression.collection)} ${value}${condition})`;
    }
  }
}

/** A template's part; line ends and tabs of texts are shown as escapes. */
export function showPart(part: TemplatePart): string {
  switch (part.kind) {
    case "text":
      return part.value.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
    case "interpolation":
      return `\${${show(part.expression)}}`;
    case "if":
      return `%{if ${show(part.condition)}:${part.then.map(showPart).join("|")}:${part.else.map(showPart).join("|")}}`;
    case "for-directive": {
      const names = part.keyName === null ? part.valueName : `${part.keyName},${part.valueName}`;
      return `%{for ${names} ${show(part.collection)}:${part.parts.map(showPart).join("|")}}`;
    }
  }
}
