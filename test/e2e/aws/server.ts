import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ACTIONS, AwsError } from "./actions.ts";
import { type AwsModel, emptyModel } from "./model.ts";
import { type AwsRequest, readRequest } from "./request.ts";
import { element, type Xml } from "./xml.ts";

/** How an action misbehaves: refused, broken, throttled so many times, never answered, or answered with nothing. */
type Misbehaviour =
  | "refused"
  | "broken"
  | "hanging"
  | "empty"
  | { readonly throttled: number }
  | { readonly error: string; readonly status: number };

export interface EmbeddedAws {
  /** What `AWS_ENDPOINT_URL` must be. */
  readonly url: string;
  readonly model: AwsModel;
  /** Roles that can be assumed, by ARN, with the external id that each asks for. */
  readonly roles: Map<string, string>;
  /** Every request, in order. */
  readonly requests: readonly AwsRequest[];
  /** Actions that were asked for and are not known here: a scan must never ask for one. */
  readonly unexpected: readonly string[];
  /** `action`: a name such as `DescribeInstances`, or `*` for all. Null: behaves again. */
  misbehave(action: string, how: Misbehaviour | null): void;
  /** From now on the credentials belong to this account. */
  becomeAccount(account: string): void;
  close(): Promise<void>;
}

/**
 * A small AWS on loopback: EC2's query protocol, `sts:GetCallerIdentity` and `sts:AssumeRole`, answered from a model.
 * Requests signed for another region, or with a role of another account, find nothing there.
 */
export async function startAws(options: {
  readonly account: string;
  readonly region: string;
  readonly model: AwsModel;
  readonly pageSize?: number;
}): Promise<EmbeddedAws> {
  const { region, model, pageSize = 100 } = options;
  const requests: AwsRequest[] = [];
  const unexpected: string[] = [];
  const misbehaviours = new Map<string, Misbehaviour>();
  const roles = new Map<string, string>();
  let account = options.account;

  function answer(request: AwsRequest): string {
    const caller = accountOfKey(request.accessKey) ?? account;
    if (request.action === "GetCallerIdentity") return identityAnswer(caller);
    if (request.action === "AssumeRole") return roleAnswer(request, roles);
    const action = ACTIONS.get(request.action);
    if (action === undefined) {
      unexpected.push(request.action);
      throw new AwsError(
        400,
        "InvalidAction",
        `The action ${request.action} is not valid for this web service.`,
      );
    }
    const here = request.region === region && caller === account ? model : emptyModel();
    return ec2Answer(request.action, action(request, { account: caller, region, model: here, pageSize }));
  }

  function handle(request: AwsRequest, response: ServerResponse): void {
    requests.push(request);
    const key = misbehaviours.has(request.action) ? request.action : "*";
    const how = misbehaviours.get(key);
    if (how === "hanging") return;
    try {
      if (how === "empty") send(response, 200, ec2Answer(request.action, emptyList(request.action)));
      else {
        if (how !== undefined) misbehave(how, request, () => misbehaviours.delete(key), misbehaviours, key);
        send(response, 200, answer(request));
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      send(response, error.status, errorAnswer(request.action, error));
    }
  }

  const server = createServer((incoming, response) => {
    readBody(incoming).then(
      (body) => handle(readRequest(body, incoming.headers.authorization), response),
      () => response.destroy(),
    );
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    model,
    roles,
    requests,
    unexpected,
    misbehave: (action, how) => {
      if (how === null) misbehaviours.delete(action);
      else misbehaviours.set(action, how);
    },
    becomeAccount: (other) => {
      account = other;
    },
    close: () => close(server),
  };
}

/** What EC2 writes where nothing is found: the list, with nothing in it. */
const LISTS = new Map([
  ["DescribeInstances", "reservationSet"],
  ["DescribeSecurityGroupRules", "securityGroupRuleSet"],
  ["DescribeSecurityGroups", "securityGroupInfo"],
  ["DescribeSubnets", "subnetSet"],
  ["DescribeVolumes", "volumeSet"],
  ["DescribeVpcs", "vpcSet"],
]);

function emptyList(action: string): { readonly [list: string]: readonly [] } {
  const list = LISTS.get(action);
  return list === undefined ? {} : { [list]: [] };
}

function misbehave(
  how: Exclude<Misbehaviour, "hanging" | "empty">,
  request: AwsRequest,
  behaveAgain: () => void,
  misbehaviours: Map<string, Misbehaviour>,
  key: string,
): void {
  if (how === "refused") {
    throw new AwsError(403, "UnauthorizedOperation", "You are not authorized to perform this operation.");
  }
  if (how === "broken")
    throw new AwsError(503, "Unavailable", "The service is unavailable. Please try again shortly.");
  if ("error" in how) throw new AwsError(how.status, how.error, `${request.action} failed`);
  if (how.throttled <= 0) {
    behaveAgain();
    return;
  }
  misbehaviours.set(key, { throttled: how.throttled - 1 });
  throw new AwsError(503, "RequestLimitExceeded", "Request limit exceeded.");
}

function ec2Answer(action: string, content: { readonly [name: string]: Xml }): string {
  return document(
    element(
      `${action}Response`,
      { requestId: "00000000-0000-4000-8000-000000000000", ...content },
      ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"',
    ),
  );
}

function identityAnswer(account: string): string {
  return document(
    element(
      "GetCallerIdentityResponse",
      {
        GetCallerIdentityResult: {
          Arn: `arn:aws:sts::${account}:assumed-role/driftwright-read/scan`,
          UserId: "AROA00000000000000000:scan",
          Account: account,
        },
        ResponseMetadata: { RequestId: "00000000-0000-4000-8000-000000000000" },
      },
      ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"',
    ),
  );
}

/** The key of a role's session names the role's account. */
const ROLE_KEY = /^ASIA(\d{12})$/;

function accountOfKey(accessKey: string): string | null {
  return ROLE_KEY.exec(accessKey)?.[1] ?? null;
}

function roleAnswer({ parameters }: AwsRequest, roles: ReadonlyMap<string, string>): string {
  const arn = parameters.get("RoleArn") ?? "";
  const externalId = roles.get(arn);
  if (externalId === undefined || externalId !== parameters.get("ExternalId")) {
    throw new AwsError(403, "AccessDenied", `User is not authorized to perform: sts:AssumeRole on ${arn}`);
  }
  const Credentials = {
    AccessKeyId: `ASIA${arn.split(":")[4] ?? ""}`,
    SecretAccessKey: "role-secret",
    SessionToken: "role-token",
    Expiration: "2126-01-01T00:00:00Z",
  };
  const content = { AssumeRoleResult: { Credentials } };
  return document(
    element("AssumeRoleResponse", content, ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'),
  );
}

/** STS and EC2 wrap their errors differently. */
function errorAnswer(action: string, error: AwsError): string {
  const content = { Code: error.code, Message: error.message };
  if (action === "GetCallerIdentity" || action === "AssumeRole") {
    return document(element("ErrorResponse", { Error: { Type: "Sender", ...content }, RequestId: "0" }));
  }
  return document(element("Response", { Errors: { Error: content }, RequestID: "0" }));
}

function document(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/xml;charset=UTF-8" }).end(body);
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

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
