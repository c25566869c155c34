import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { element } from "./xml.ts";

export interface StoredObject {
  readonly body: string | Uint8Array;
  readonly lastModified?: Date;
}

export interface StateStore {
  /** What `AWS_ENDPOINT_URL` must be, for S3, STS and DynamoDB alike. */
  readonly url: string;
  /** By bucket and key: `bucket/some/key`. */
  readonly objects: Map<string, StoredObject>;
  /** Buckets with their regions. */
  readonly buckets: Map<string, string>;
  /** DynamoDB's tables; items by `LockID`, each with its texts. */
  readonly tables: Map<string, Map<string, Readonly<Record<string, string>>>>;
  /** Roles that can be assumed, with the external id that each asks for. */
  readonly roles: Map<string, string | null>;
  /** Every request, in order. */
  readonly requests: readonly StoreRequest[];
  /** From now on the action fails like this (`GetObject /bucket/key` for one object); null: no more. */
  fail(action: string, how: StoreFailure | null): void;
  /** Called before each answer. */
  onRequest: (request: StoreRequest) => void;
  close(): Promise<void>;
}

export interface StoreRequest {
  /** `GetObject`, `HeadObject`, `GetItem`, `AssumeRole`. */
  readonly action: string;
  /** `/bucket/key` with the key's own characters; table and item, or the role, for the others. */
  readonly on: string;
  readonly region: string;
  readonly accessKey: string;
  readonly headers: IncomingMessage["headers"];
  readonly parameters: ReadonlyMap<string, string>;
}

export interface StoreFailure {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A small S3 on loopback with path-style addresses, and what belongs to reading a state from it: `sts:AssumeRole` and
 * `dynamodb:GetItem`. Speaks each service's own protocol, so that the real SDK can be pointed at it.
 */
export async function startStateStore(): Promise<StateStore> {
  const requests: StoreRequest[] = [];
  const failures = new Map<string, StoreFailure>();
  const server = createServer((incoming, response) => {
    readBody(incoming).then(
      (body) => {
        const request = readStoreRequest(incoming, body);
        requests.push(request);
        store.onRequest(request);
        const failure = failures.get(`${request.action} ${request.on}`) ?? failures.get(request.action);
        if (failure === undefined) answer(store, request, response);
        else refuse(request, response, failure);
      },
      () => response.destroy(),
    );
  });
  const port = await listen(server);
  const store: StateStore = {
    url: `http://127.0.0.1:${port}`,
    objects: new Map(),
    buckets: new Map(),
    tables: new Map(),
    roles: new Map(),
    requests,
    fail(action, how) {
      if (how === null) failures.delete(action);
      else failures.set(action, how);
    },
    onRequest: () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return store;
}

function readStoreRequest(incoming: IncomingMessage, body: string): StoreRequest {
  const { headers, method = "GET", url = "/" } = incoming;
  const [, accessKey = "", region = ""] =
    /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  const signed = { accessKey, region, headers };
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const { TableName, Key, ConsistentRead } = JSON.parse(body) as {
      TableName: string;
      Key: { LockID: { S: string } };
      ConsistentRead?: boolean;
    };
    const parameters = new Map([["ConsistentRead", String(ConsistentRead)]]);
    return { ...signed, action: target.split(".")[1] ?? "", on: `${TableName} ${Key.LockID.S}`, parameters };
  }
  if (method === "POST") {
    const parameters = new Map(new URLSearchParams(body));
    return {
      ...signed,
      action: parameters.get("Action") ?? "",
      on: parameters.get("RoleArn") ?? "",
      parameters,
    };
  }
  const path = new URL(url, "http://store").pathname;
  const action = method === "HEAD" ? "HeadObject" : "GetObject";
  return { ...signed, action, on: decodeURIComponent(path), parameters: new Map() };
}

function answer(store: StateStore, request: StoreRequest, response: ServerResponse): void {
  if (request.action === "AssumeRole") answerRole(store, request, response);
  else if (request.action === "GetItem") answerItem(store, request, response);
  else answerObject(store, request, response);
}

function answerObject(
  { buckets, objects }: StateStore,
  request: StoreRequest,
  response: ServerResponse,
): void {
  const bucket = request.on.split("/")[1] ?? "";
  const region = buckets.get(bucket);
  if (region === undefined) {
    refuse(request, response, { status: 404, code: "NoSuchBucket" });
    return;
  }
  if (region !== request.region) {
    const headers = { "x-amz-bucket-region": region };
    refuse(request, response, { status: 301, code: "PermanentRedirect", headers });
    return;
  }
  const object = objects.get(request.on.slice(1));
  if (object === undefined) {
    refuse(request, response, { status: 404, code: "NoSuchKey" });
    return;
  }
  const bytes = Buffer.from(object.body);
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": bytes.length,
    "last-modified": (object.lastModified ?? new Date("2026-01-02T03:04:05Z")).toUTCString(),
    etag: '"00000000000000000000000000000000"',
  });
  response.end(request.action === "HeadObject" ? undefined : bytes);
}

function answerItem({ tables }: StateStore, request: StoreRequest, response: ServerResponse): void {
  const [name = "", lockId = ""] = request.on.split(" ");
  const table = tables.get(name);
  if (table === undefined) {
    refuse(request, response, { status: 400, code: "ResourceNotFoundException" });
    return;
  }
  const item = table.get(lockId);
  const texts = Object.entries({ LockID: lockId, ...item }).map(([key, S]) => [key, { S }]);
  const body = item === undefined ? {} : { Item: Object.fromEntries(texts) };
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
}

function answerRole({ roles }: StateStore, request: StoreRequest, response: ServerResponse): void {
  const externalId = roles.get(request.on);
  if (externalId === undefined || externalId !== (request.parameters.get("ExternalId") ?? null)) {
    const message = `User: arn:aws:iam::1:user/secret-name is not authorized to perform: sts:AssumeRole on ${request.on}`;
    refuse(request, response, { status: 403, code: "AccessDenied", message });
    return;
  }
  const result = {
    Credentials: {
      AccessKeyId: "ASIAROLE",
      SecretAccessKey: "role-secret",
      SessionToken: "role-token",
      Expiration: "2126-01-01T00:00:00Z",
    },
  };
  const xmlns = ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
  sendXml(response, 200, element("AssumeRoleResponse", { AssumeRoleResult: result }, xmlns));
}

/** Each service has a form of its own for errors; an answer to HEAD has no body at all. */
function refuse(request: StoreRequest, response: ServerResponse, failure: StoreFailure): void {
  const { status, code, message = `${code} happened`, headers = {} } = failure;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.action === "HeadObject") response.writeHead(status).end();
  else if (request.action === "GetItem") {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }));
  } else if (request.action === "AssumeRole") {
    sendXml(
      response,
      status,
      element("ErrorResponse", { Error: { Type: "Sender", Code: code, Message: message } }),
    );
  } else sendXml(response, status, element("Error", { Code: code, Message: message, RequestId: "0" }));
}

function sendXml(response: ServerResponse, status: number, root: string): void {
  response
    .writeHead(status, { "content-type": "application/xml" })
    .end(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
