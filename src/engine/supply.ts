import { isLikelyRead } from "../terraform/source/file-names.ts";
import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import type { Demand, Supply } from "./protocol.ts";

/** Answers a demand out of the snapshot. With a folder come its code files, which are asked for next. */
export function supplyFrom(snapshot: Snapshot, demand: Demand): Supply {
  const files = new Map<string, Uint8Array | null>();
  const folders = new Map<string, readonly string[]>();
  for (const path of demand.files) files.set(path, snapshot.read(path) ?? null);
  for (const folder of demand.folders) {
    const names = snapshot.list(folder);
    folders.set(folder, names);
    for (const name of names) {
      const path = isLikelyRead(name) ? joinPath(folder, name) : null;
      if (path !== null) files.set(path, snapshot.read(path) ?? null);
    }
  }
  return { files: [...files], folders: [...folders] };
}
