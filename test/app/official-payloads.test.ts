import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { WANTED_EVENTS } from "../../src/github/permissions.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/json/json.ts";
import { createLog } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { Redaction } from "../../src/reports/redaction.ts";
import { WEBHOOK_PATH } from "../../src/web/webhooks.ts";
import { newPlace, type TestPlace } from "../store/test-place.ts";
import { type Example, officialExamples, WebhookSchemas, without, withUnknown } from "./official-payloads.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SECRET = "a secret of the webhooks";
const [INSTALLATION, OTHER] = [1001, 2002];
/** Those that reach every App come on top of those that ours subscribes to. */
const HANDLED = new Set<string>([...WANTED_EVENTS, "installation", "installation_repositories"]);
/** Requests at the same time. */
const AT_ONCE = 8;

const set = {} as { place: TestPlace; service: Service; lines: string[] };

// The service as `npm start -- --role=web` runs it: everything up to the queues, and nobody who works them off.
beforeAll(async () => {
  set.lines = [];
  set.place = await newPlace();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { url, dataDir } = set.place;
  set.service = await startService(
    {
      role: "web",
      app: {
        appId: 4711,
        privateKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
        webhookSecret: SECRET,
      },
      port: 0,
      host: "127.0.0.1",
      logLevel: "debug",
      database: url === null ? { kind: "embedded" } : { kind: "postgresql", url },
      dataDir,
      github: { api: "http://127.0.0.1:9", web: "http://127.0.0.1:9" },
      access: null,
      key: null,
      modules: { hosts: [], networks: [] },
      scanIntervals: { usual: 86_400_000, shortest: 900_000 },
    },
    { log: createLog("debug", new Redaction(), (line) => void set.lines.push(line)) },
  );
  // There is no GitHub, which is said at the start.
  set.lines.splice(0);
});

afterAll(async () => {
  await set.service?.stop();
  await set.place?.remove();
});

/** What the service says while a test runs is read at its end. */
afterEach(() => {
  const complaints = set.lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 40);
  set.lines.splice(0);
  expect(complaints).toEqual([]);
});

/** Delivers a webhook as GitHub does, and gives the status of the answer with what it says. */
async function deliver(event: string, payload: Json): Promise<string> {
  const body = JSON.stringify(payload);
  const answer = await fetch(`${set.service.url}${WEBHOOK_PATH}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
    body,
  });
  const said = await answer.text();
  return answer.status === 200 || answer.status === 202 ? "received" : `${answer.status} ${said.trim()}`;
}

/** Those that were not received, with what was answered. */
async function notReceived(event: string, payloads: readonly (readonly [string, Json])[]): Promise<string[]> {
  const problems: string[] = [];
  for (let at = 0; at < payloads.length; at += AT_ONCE) {
    const answers = payloads.slice(at, at + AT_ONCE).map(async ([what, payload]) => {
      const answer = await deliver(event, payload);
      return answer === "received" ? [] : [`${what}: ${answer}`];
    });
    problems.push(...(await Promise.all(answers)).flat());
  }
  return problems;
}

/** The payload as if it were of an installation, which need not be in GitHub's example. */
function of(installation: number, payload: JsonObject): JsonObject {
  const { installation: given, repository } = payload;
  const id = isJsonObject(repository)
    ? Number(repository["id"]) + (installation === OTHER ? 1_000_000 : 0)
    : 0;
  return {
    ...payload,
    installation: { ...(isJsonObject(given) ? given : {}), id: installation },
    ...(isJsonObject(repository) ? { repository: { ...repository, id } } : {}),
  };
}

/** The repository of a payload becomes one in which the App is installed. */
async function install({ repository }: JsonObject): Promise<void> {
  if (!isJsonObject(repository)) return;
  const { id = 0, full_name: name = "", private: isPrivate = true } = repository;
  const account = { id: 1, login: "acme", type: "Organization" };
  const installation = { id: INSTALLATION, account, permissions: {}, suspended_at: null };
  const repositories = [{ id, full_name: name, private: isPrivate }];
  expect(
    await deliver("installation", { action: "new_permissions_accepted", installation, repositories }),
  ).toBe("received");
}

const EXAMPLES = officialExamples();
const titled = (each: Example) => {
  const { action } = each.payload;
  return [`${each.event}${typeof action === "string" ? ` ${action}` : ""} (${each.index})`, each] as const;
};

test("there are examples of every event that the App subscribes to", () => {
  expect([...HANDLED].filter((event) => !EXAMPLES.some((each) => each.event === event))).toEqual([]);
});

describe("GitHub's own examples are received, with the repository unknown and known", () => {
  test.each(EXAMPLES.map(titled))("%s", async (_title, { event, payload }) => {
    const stranger = of(OTHER, payload);
    const known = of(INSTALLATION, payload);
    expect(
      await notReceived(event, [
        ["as it is", payload],
        ["of a repository that is not known", stranger],
      ]),
    ).toEqual([]);
    await install(payload);
    const before = set.lines.length;
    expect(await notReceived(event, [["of a repository that is known", known]])).toEqual([]);
    const isTakenForUnknown = set.lines
      .slice(before)
      .some((line) => line.includes("of an unknown repository"));
    expect(isTakenForUnknown).toBe(false);
    const more = ["with more than is known today", withUnknown(known)] as const;
    expect(await notReceived(event, [more])).toEqual([]);
  });
});

describe("whatever GitHub's description calls optional may be missing", () => {
  const schemas = WebhookSchemas.read();
  // One place of an event is tried once for each action near the surface, and once further inside.
  const tried = new Set<string>();
  const isNew = ({ event, payload }: Example, place: readonly (string | number)[]) => {
    const path = place.map((step) => (typeof step === "number" ? "*" : step)).join(".");
    const key = place.length <= 2 ? `${event} ${String(payload["action"])} ${path}` : `${event} ${path}`;
    return !tried.has(key) && tried.add(key) !== undefined;
  };

  test.each(EXAMPLES.filter(({ event }) => HANDLED.has(event)).map(titled))("%s", async (_title, example) => {
    const places = schemas.optionalPlaces(example) ?? expect.fail("GitHub does not describe it");
    const { event, payload } = example;
    await install(payload);
    const known = of(INSTALLATION, payload);
    const one = places
      .filter((place) => isNew(example, place))
      .map((place) => [`without ${place.join(".")}`, without(known, [place])] as const);
    expect(await notReceived(event, [["without all of them", without(known, places)], ...one])).toEqual([]);
  });
});
