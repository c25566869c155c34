/** Where GitHub is, without a slash at the end. */
export interface GitHubAddress {
  readonly api: string;
  readonly web: string;
}

/** What the environment says of where GitHub is. */
interface GitHubSettings {
  readonly host: string | null;
  readonly protocol: string | null;
  readonly api: string | null;
}

export function githubSettings(read: { get(name: string): string | null }): GitHubSettings {
  return { host: read.get("GHE_HOST"), protocol: read.get("GHE_PROTOCOL"), api: read.get("GITHUB_API_URL") };
}

const GITHUB: GitHubAddress = { api: "https://api.github.com", web: "https://github.com" };
/** GitHub Enterprise Cloud with data residency: https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency */
const DATA_RESIDENCY = /^(?:api\.)?([a-z0-9-]+)\.ghe\.com$/;
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Where GitHub is; what is wrong with the settings is added to `problems`. */
export function githubOf({ host, protocol, api }: GitHubSettings, problems: string[]): GitHubAddress {
  if (protocol !== null && protocol !== "https") {
    problems.push("GHE_PROTOCOL must be https: tokens are not sent over http; unset it");
  }
  const byHost = host === null ? null : addressOf(host.toLowerCase(), problems);
  const byApi = api === null ? null : addressOfApi(api, problems);
  if (byHost !== null && byApi !== null && byHost.api !== byApi.api) {
    problems.push("GHE_HOST and GITHUB_API_URL name different places: set one of the two");
  }
  return byApi ?? byHost ?? GITHUB;
}

function addressOf(host: string, problems: string[]): GitHubAddress | null {
  if (!HOST.test(host)) {
    problems.push(
      "GHE_HOST cannot be used: set the host alone, such as github.example.com or example.ghe.com",
    );
    return null;
  }
  if (host === "github.com" || host === "api.github.com") return GITHUB;
  const subdomain = DATA_RESIDENCY.exec(host)?.[1];
  if (subdomain !== undefined) {
    return { api: `https://api.${subdomain}.ghe.com`, web: `https://${subdomain}.ghe.com` };
  }
  return { api: `https://${host}/api/v3`, web: `https://${host}` };
}

function addressOfApi(text: string, problems: string[]): GitHubAddress | null {
  const url = URL.parse(text);
  const isSafe =
    url !== null && (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname)));
  if (!isSafe || url.username !== "" || url.search !== "" || url.hash !== "") {
    problems.push(
      "GITHUB_API_URL cannot be used: set an https address without a password, such as https://github.example.com/api/v3",
    );
    return null;
  }
  const path = url.pathname.replace(/\/+$/, "");
  const api = `${url.origin}${path}`;
  if (url.protocol === "http:") return { api, web: url.origin };
  const usual = addressOf(url.host, []);
  if (usual !== null && path === "" && !usual.api.endsWith("/api/v3")) return usual;
  return { api, web: url.origin };
}
