import { snapshotState } from "../../../src/backends/local.ts";
import { loadConfig } from "../../../src/commands/config-file.ts";
import { writeEdits } from "../../../src/commands/write-edits.ts";
import type { Inventory } from "../../../src/drift/inventory.ts";
import { startEngine } from "../../../src/engine/engine.ts";
import type { Asked } from "../../../src/scan/plan.ts";
import type { ScanPorts, ScanSettings } from "../../../src/scan/ports.ts";
import { type ScanResult, scan } from "../../../src/scan/scan.ts";
import { type Checkout, openCheckout } from "../../../src/sources/checkout.ts";

/** A checkout as the command line scans it. */
export interface Repository {
  readonly checkout: Checkout;
  readonly asked: Asked;
  readonly settings: ScanSettings;
  readonly ports: ScanPorts;
}

export function openRepository(
  folder: string,
  name: string,
  inventories: readonly Inventory[],
  progress: (message: string) => void,
): Repository {
  const checkout = openCheckout(folder);
  const now = () => new Date();
  const { effective: config } = loadConfig(checkout, undefined, now());
  return {
    checkout,
    asked: { folder: ".", only: null, repository: name },
    settings: { repository: name, ref: null, commit: null, config, key: "of the demo" },
    ports: {
      snapshot: checkout,
      startEngine: () => startEngine(checkout),
      stateOf: ({ state }) => (state.kind === "snapshot" ? snapshotState(checkout, state.file) : null),
      inventories,
      historyOf: () => ({ literalChangedAt: null, stateWrittenAt: null, agreedAt: null }),
      now,
      progress,
    },
  };
}

export function scanRepository({ asked, settings, ports }: Repository): Promise<ScanResult> {
  return scan(asked, settings, ports);
}

/** Writes what a scan of the repository would adopt, as `--write` does. */
export async function writeAdopted({ checkout }: Repository, { adopted }: ScanResult): Promise<void> {
  await writeEdits(checkout.root, checkout, adopted.files);
}
