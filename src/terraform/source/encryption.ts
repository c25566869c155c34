/** How files begin that a program has encrypted as a whole. */
const BEGINNINGS: readonly (readonly [beginning: string, program: string])[] = [
  ["\0GITCRYPT\0", "git-crypt"],
  ["$ANSIBLE_VAULT;", "ansible-vault"],
  ["age-encryption.org/v1", "age"],
  ["-----BEGIN AGE ENCRYPTED FILE-----", "age"],
  ["-----BEGIN PGP MESSAGE-----", "PGP"],
  ["Salted__", "OpenSSL"],
  // The same in base64, as transcrypt writes it.
  ["U2FsdGVkX1", "OpenSSL"],
];

const LONGEST = 40;

/** What sops puts in the place of each value. */
const SOPS_VALUE = "ENC[AES256_GCM,data:";

/** Sops adds an entry of its own name to what it encrypts. */
const SOPS_ENTRY = /"sops"\s*:|^sops:|^sops_mac=/m;

/** The program that a file is encrypted with; null for one that is not, as far as can be seen. */
export function encryptionOf(bytes: Uint8Array): string | null {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, LONGEST));
  const known = BEGINNINGS.find(([beginning]) => start.startsWith(beginning));
  return known?.[1] ?? null;
}

/** Whether sops has encrypted the values of a text in one of the forms that it can (JSON, YAML, dotenv). */
export function isOfSops(text: string): boolean {
  return text.includes(SOPS_VALUE) && SOPS_ENTRY.test(text);
}

/** Whether a file is what Git keeps instead of one that Git LFS stores elsewhere. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, LFS.length)) === LFS;
}

const LFS = "version https://git-lfs.github.com/spec/v1";
