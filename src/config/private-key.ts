import { createPrivateKey, type KeyObject } from "node:crypto";

const FROM_PAGE = "generate one on the App's settings page";
const PEM = /-----BEGIN (?:RSA )?PRIVATE KEY-----/;
const LEAST_BITS = 2048;

/**
 * An App's private key in PEM, from the variable itself (as it is, with `\n` for line ends, or in base64) or from the
 * file that the other variable names. Null where something is wrong with it, which `problems` then says.
 */
export function privateKeyOf(
  key: string | null,
  path: string | null,
  readFile: (path: string) => string,
  problems: string[],
): string | null {
  if (key !== null && path !== null) {
    problems.push("PRIVATE_KEY and PRIVATE_KEY_PATH are both set: set one of the two");
    return null;
  }
  if (key === null && path === null) {
    problems.push(
      `PRIVATE_KEY is not set: set the App's private key (PEM or base64), or PRIVATE_KEY_PATH to its file; ${FROM_PAGE}`,
    );
    return null;
  }
  const name = path === null ? "PRIVATE_KEY" : "PRIVATE_KEY_PATH";
  try {
    return checked(name, pemOf(path === null ? (key ?? "") : readFile(path)), problems);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    problems.push(
      `PRIVATE_KEY_PATH names a file that cannot be read${code}: check the path and its permissions`,
    );
    return null;
  }
}

/** Quotes, `\n` and base64 are what keys go through on their way into an environment. */
function pemOf(text: string): string {
  const bare = text.trim().replace(/^(["'])([\s\S]*)\1$/, "$2");
  const decoded = PEM.test(bare) ? bare : Buffer.from(bare, "base64").toString("latin1");
  return `${decoded.replaceAll("\\n", "\n").replaceAll("\r\n", "\n").trim()}\n`;
}

function checked(name: string, pem: string, problems: string[]): string | null {
  const key = parsed(pem);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key?.asymmetricKeyType === "rsa" && bits >= LEAST_BITS) return pem;
  const what = PEM.test(pem)
    ? "is damaged, encrypted, or no RSA key of 2048 bits"
    : "is no private key in PEM or base64";
  problems.push(
    `${name} ${what}: use the .pem file as GitHub gave it, with its line ends (or \\n for them); ${FROM_PAGE}`,
  );
  return null;
}

function parsed(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
