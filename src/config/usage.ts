/** One line for each variable; docs/operations.md has all of it. */
export const VARIABLES: ReadonlyMap<string, string> = new Map([
  ["APP_ID", "the number on the App's settings page"],
  ["PRIVATE_KEY", "the App's private key: the text of the .pem file, or that in base64"],
  ["PRIVATE_KEY_PATH", "the .pem file instead"],
  ["WEBHOOK_SECRET", "the secret on the App's settings page; not needed with --role=worker"],
  ["HOST", "the address to listen on (127.0.0.1)"],
  ["PORT", "the port to listen on, 0 for any that is free (3000)"],
  ["LOG_LEVEL", "trace, debug, info, warn, error, fatal or silent (info)"],
  ["DATABASE_URL", "postgresql://USER:PASSWORD@HOST:PORT/DATABASE (an embedded database in DATA_DIR)"],
  ["DATA_DIR", "the folder for data, of one process alone (./data)"],
  [
    "DRIFTWRIGHT_KEY",
    "keys the hashes of sensitive values, at least 32 characters (one kept in the database)",
  ],
  ["ACCESS_FILE", "the file that says which repositories may use which clouds and states (none may)"],
  ["SCAN_INTERVAL", "how often what has no schedule is scanned: 30m, 6h or 1d (1d)"],
  ["MIN_SCAN_INTERVAL", "no repository is scanned more often than that (15m)"],
  [
    "MODULE_HOSTS",
    "hosts that modules are fetched from, with commas; none for no fetching (public registries, GitHub)",
  ],
  ["MODULE_NETWORKS", "networks inside that modules may be fetched from, such as 10.1.0.0/16 (none)"],
  ["GHE_HOST", "the host of GitHub Enterprise (github.com)"],
  ["GITHUB_API_URL", "the address of the API, where it is not the usual one"],
  ["WEBHOOK_PROXY_URL", "for the set-up page: where GitHub shall send webhooks"],
  ["GH_ORG", "for the set-up page: the organization that the App shall belong to"],
]);

/** What `npm start -- --help` prints. */
export function usage(): string {
  const width = Math.max(...[...VARIABLES.keys()].map((name) => name.length));
  const variables = [...VARIABLES].map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return `Usage: npm start -- [options]

Runs Driftwright as a GitHub App: receives webhooks, scans the repositories that the App is installed in, and writes
pull requests, issues and check runs. Without an App in the environment it serves the page that sets one up.

Options:
  --role=all     webhooks and jobs in one process (the default)
  --role=web     webhooks alone; needs DATABASE_URL
  --role=worker  jobs alone; needs DATABASE_URL
  --help         prints this

Environment, or the file .env in the current folder; what is used without the variable is in brackets:
${variables.join("\n")}

What they mean, and how to begin: docs/operations.md
`;
}

/** Whether the arguments ask for it. */
export function isHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}
