import { setTimeout as wait } from "node:timers/promises";
import { Queues } from "../../src/jobs/queues.ts";
import { openDatabase } from "../../src/store/database.ts";
import { silent } from "../store/logs.ts";

// A process that begins a job, prints it, and never ends it.
const [dataDir = "", url = ""] = process.argv.slice(2);
const database = await openDatabase({ dataDir, url: url === "" ? null : url, log: silent });
const queues = await Queues.start(database, silent);
await queues.enqueue(database.kysely, "scan", { repositoryId: 1, installationId: 7, trigger: "push" });
await queues.enqueue(database.kysely, "scan", { repositoryId: 2, installationId: 7, trigger: "push" });
await queues.work("scan", async ({ data }) => {
  process.stdout.write(`${data.repositoryId}\n`);
  await wait(600_000);
});
