import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFailedDeliveries, redeliver } from "../../src/github/deliveries.ts";
import { withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 10);

interface Received {
  readonly guid: string;
  readonly event: string;
  readonly isSigned: boolean;
  readonly payload: Record<string, unknown>;
}

let receiver: Server;
let url: string;
let received: Received[];
let status: number;
let since: Date;

beforeEach(async () => {
  received = [];
  status = 200;
  since = new Date();
  receiver = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces);
      const signature = createHmac("sha256", stage.hub.app.webhookSecret).update(body).digest("hex");
      received.push({
        guid: String(request.headers["x-github-delivery"]),
        event: String(request.headers["x-github-event"]),
        isSigned: request.headers["x-hub-signature-256"] === `sha256=${signature}`,
        payload: JSON.parse(body.toString()),
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  stage.hub.deliverTo(url);
});

afterEach(async () => {
  await new Promise((resolve) => receiver.close(resolve));
});

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const failed = (from = since) => listFailedDeliveries(stage.app.app, from);

describe("webhooks of the emulated GitHub", () => {
  test("come signed, with what happened and the installation", async () => {
    const { alice, fullName } = stage;
    await alice.commit(fullName, { branch: "feature", files: { "x.tf": "" } });
    const number = await alice.openPullRequest(fullName, "feature");
    const head = await alice.commit(fullName, { branch: "feature", files: { "y.tf": "" } });
    const actions = () =>
      received.filter(({ event }) => event === "pull_request").map((each) => each.payload["action"]);
    await until(() => actions().length === 2);
    expect(actions()).toEqual(["opened", "synchronize"]);
    expect(received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(new Set(received.map(({ guid }) => guid)).size).toBe(received.length);
    expect(received.find(({ payload }) => payload["action"] === "synchronize")?.payload).toMatchObject({
      number,
      pull_request: { head: { sha: head } },
      repository: { id: stage.repository.id, full_name: fullName },
      sender: { login: "alice" },
      installation: { id: stage.hub.installationId },
    });
  });

  test("tell that a check run is asked for again", async () => {
    const { github, repository, alice, fullName } = stage;
    const place = { owner: repository.owner, repo: repository.name };
    const { data } = await github.rest.checks.create({ ...place, name: "n", head_sha: await stage.head() });
    await alice.send("POST", `/repos/${fullName}/check-runs/${data.id}/rerequest`);
    await until(() => received.some(({ payload }) => payload["action"] === "rerequested"));
    expect(received.at(-1)?.payload).toMatchObject({
      check_run: { id: data.id, head_sha: await stage.head(), app: { id: stage.identity.id } },
    });
  });
});

describe("failed deliveries", () => {
  test("are those of which no attempt arrived, the oldest first", async () => {
    const { hub } = stage;
    await hub.send("push", { n: 1 }, "arrived");
    status = 500;
    await hub.send("push", { n: 2 }, "refused");
    hub.deliverTo(null);
    await hub.send("installation", { action: "created" }, "unheard");
    hub.deliverTo(url);
    expect(await failed()).toMatchObject([
      { guid: "refused", event: "push", action: null, status: 500 },
      { guid: "unheard", event: "installation", action: "created", status: 0 },
    ]);
  });

  test("are sent again with the same id, and are no longer failed once they arrive", async () => {
    const { hub, app } = stage;
    status = 503;
    await hub.send("push", { n: 1 }, "twice");
    await redeliver(app.app, (await failed())[0]?.id ?? "");
    const again = await failed();
    expect(again.map(({ guid }) => guid)).toEqual(["twice"]);
    status = 202;
    expect(again[0]?.attempts).toBe(2);
    await redeliver(app.app, again[0]?.id ?? "");
    expect(await failed()).toEqual([]);
    expect(received.map(({ guid }) => guid)).toEqual(["twice", "twice", "twice"]);
  });

  test("keep all digits of their ids", async () => {
    const id = "9007199254740993123";
    const delivery = `{"id":${id},"guid":"g","event":"push","action":null,"delivered_at":"${new Date().toISOString()}","status_code":500}`;
    const answer = { status: 200, headers: {}, body: new TextEncoder().encode(`[${delivery}]`) };
    const fault = { when: "before", answer, first: async () => {} } as const;
    stage.hub.misbehave({ method: "GET", path: "/app/hook/deliveries", fault });
    expect(await failed()).toMatchObject([{ id, guid: "g" }]);
  });

  test("are looked for on every page, back to the time asked for", async () => {
    const { hub } = stage;
    status = 500;
    await hub.send("push", {}, "first");
    status = 200;
    for (let i = 0; i < 130; i += 1) await hub.send("push", { i });
    expect((await failed()).map(({ guid }) => guid)).toEqual(["first"]);
    expect(await failed(new Date(Date.now() + 60_000))).toEqual([]);
  });
});
