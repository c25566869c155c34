/**
 * The branch of a pull request of ours: `driftwright/<stack>/<fingerprint>`. A stack's name may hold anything; in a
 * branch stands what every Git and every file system takes. Different names may look the same, fingerprints do not.
 */
export function branchName(stack: string, fingerprint: string): string {
  const safe = stack
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `driftwright/${safe === "" ? "stack" : safe}/${fingerprint}`;
}
