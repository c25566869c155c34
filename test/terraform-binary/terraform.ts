import { execFileSync, spawnSync } from "node:child_process";

/** The version of the `terraform` on PATH; null where there is none. */
export function terraformVersion(): string | null {
  const { status, stdout } = spawnSync("terraform", ["version", "-json"], {
    encoding: "utf8",
    env: terraformEnvironment(),
  });
  if (status !== 0) return null;
  const { terraform_version: version } = JSON.parse(stdout) as { terraform_version?: string };
  return version ?? null;
}

/**
 * Runs `terraform` in a folder and gives what it printed.
 * @throws Error where it fails, with its own message.
 */
export function terraform(
  folder: string,
  args: readonly string[],
  more: Record<string, string> = {},
): string {
  return execFileSync("terraform", args, {
    cwd: folder,
    encoding: "utf8",
    stdio: "pipe",
    env: { ...terraformEnvironment(), ...more },
    maxBuffer: 1 << 28,
  });
}

/** What `terraform` prints in a folder, also where it finds something wrong there. */
export function whatTerraformSays(folder: string, args: readonly string[]): string {
  const { stdout } = spawnSync("terraform", args, {
    cwd: folder,
    encoding: "utf8",
    env: terraformEnvironment(),
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** Without the settings of the person who runs it: `TF_VAR_…`, a configuration of their own, calls home. */
export function terraformEnvironment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("TF_"));
  return { ...Object.fromEntries(own), TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" };
}
