/**
 * Where the API of a GitHub is: github.com, GitHub Enterprise Cloud with data residency (`NAME.ghe.com`) or GitHub
 * Enterprise Server. A whole address (`https://…`) is taken as it is.
 * https://docs.github.com/en/enterprise-cloud@latest/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function apiBaseUrl(host: string | null): string {
  const named = host?.trim().replace(/\/+$/, "") ?? "";
  if (/^https?:\/\//i.test(named)) return named;
  const name = named.toLowerCase();
  if (name === "" || name === "github.com" || name === "api.github.com") return "https://api.github.com";
  if (!name.endsWith(".ghe.com")) return `https://${name}/api/v3`;
  return name.startsWith("api.") ? `https://${name}` : `https://api.${name}`;
}
