import { openDatabase } from "../../src/store/database.ts";
import { recordDelivery } from "../../src/store/deliveries.ts";
import { silent } from "./logs.ts";

// A process that writes rows as fast as it can, and prints the number of each after it was acknowledged.
const [dataDir = "", url = ""] = process.argv.slice(2);
const database = await openDatabase({ dataDir, url: url === "" ? null : url, log: silent });
for (let row = 0; ; row += 1) {
  await recordDelivery(database.kysely, { id: `row-${row}`, event: "push", receivedAt: new Date() });
  process.stdout.write(`${row}\n`);
}
