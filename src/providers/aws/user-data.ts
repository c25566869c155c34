import { contentHash } from "../../drift/content-hash.ts";

/**
 * Live user data in the form that can be compared with `recorded` without ever holding the text: what is recorded,
 * where it says the same, else the hash. `live` is Base64 as EC2 returns it; null where there is none.
 */
export function observedUserData(live: string | null, recorded: string): string {
  if (live === null || live === "") return "";
  const hash = contentHash(live);
  return recorded !== "" && contentHash(recorded) === hash ? recorded : hash;
}
