import type { GuardedClient } from "./guarded-client.ts";
import { BadAnswer, quoted, Unobtainable } from "./unobtainable.ts";

const MOST_BYTES = 1024 * 1024;

/**
 * The source that a page names, in a header or in its head
 * (https://developer.hashicorp.com/terraform/language/modules/sources#http-urls).
 * @throws Unobtainable
 */
export async function nextSource(client: GuardedClient, url: URL, signal: AbortSignal): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.append("terraform-get", "1");
  const { status, headers, body } = await client.ask(asked, { mostBytes: MOST_BYTES, signal });
  if (status < 200 || status > 299) {
    throw new BadAnswer(status, `${quoted(url.host)} answers with the status ${status}; look at the address`);
  }
  const header = headers["x-terraform-get"];
  const named = typeof header === "string" && header !== "" ? header : metaSource(body.toString("utf8"));
  if (named === null) {
    throw new Unobtainable(
      `${quoted(url.host)} names no module at this address; a git repository's source starts with git::https://`,
    );
  }
  // Relative addresses count from the page.
  const isRelative = /^(?:\/|\.\.?\/)/.test(named);
  return isRelative ? (URL.parse(named, url.href)?.href ?? named) : named;
}

/** `<meta name="terraform-get" content="…">` */
function metaSource(page: string): string | null {
  for (const [tag] of page.matchAll(/<meta\s[^>]{0,2000}>/gi)) {
    if (attributeOf(tag, "name") === "terraform-get") return attributeOf(tag, "content");
  }
  return null;
}

function attributeOf(tag: string, name: string): string | null {
  const pattern = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i");
  const [, double, single] = pattern.exec(tag) ?? [];
  const text = double ?? single;
  return text === undefined || text === "" ? null : text.replaceAll("&amp;", "&");
}
