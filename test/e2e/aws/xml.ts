/** What an answer holds: text, numbers, flags, further elements by name, or a list (written as `<item>`s). */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

/** An element with its content, in the form of the EC2 query protocol. What is undefined is left out. */
export function element(name: string, content: Xml, attributes = ""): string {
  if (content === undefined) return "";
  return `<${name}${attributes}>${inner(content)}</${name}>`;
}

function inner(content: Xml): string {
  if (content === undefined) return "";
  if (typeof content !== "object") return escapeXml(String(content));
  if (isList(content)) return content.map((item) => element("item", item)).join("");
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join("");
}

function isList(content: object): content is readonly Xml[] {
  return Array.isArray(content);
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;");
}
