import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { s3Place } from "../../src/backends/s3-place.ts";
import { allowedTo } from "../../src/config/access.ts";
import { parseAccess } from "../../src/config/access-file.ts";
import type { ProposedStack } from "../../src/config/proposed-file.ts";
import { NO_COVERAGE, type StackResult } from "../../src/drift/model.ts";
import { allowedPlace } from "../../src/jobs/allowed-states.ts";
import { isJsonArray, isJsonObject, parseJson } from "../../src/json/json.ts";
import { awsPermissions } from "../../src/reports/aws-access.ts";
import { BODY_BUDGET, byteLength } from "../../src/reports/budget.ts";
import { parseMarker } from "../../src/reports/marker.ts";
import type { Onboarding } from "../../src/reports/onboarding.ts";
import { Reports } from "../../src/reports/reports.ts";
import { conflict, resizeAdoption, resized, secretChanged, sshOpen, stack } from "./fixtures.ts";
import { hostile } from "./hostile.ts";
import { htmlTags, tableShapes } from "./markdown-rules.ts";

const STACK: ProposedStack = {
  name: "shop",
  path: "infra/shop",
  environment: null,
  workspace: null,
  varFiles: [],
  backendConfig: {},
  listed: true,
  unreadFiles: [],
  state: { kind: "s3", bucket: "acme-states", key: "shop.tfstate" },
  providers: ["aws"],
};
const FACTS: Onboarding = {
  repository: "acme/shop",
  defaultBranch: "main",
  isPublic: false,
  proposal: { stacks: [STACK], left: 0 },
  stacks: [],
  missingPermissions: [],
  hasIssues: true,
  externalId: "driftwright-1296269",
  file: "version: 1\n",
};

function scanned(findings: StackResult["findings"] = [], name = "shop"): StackResult {
  return stack({ name, path: name, status: "complete", diagnostics: [], coverage: NO_COVERAGE, findings });
}

function failed(message: string): StackResult {
  const diagnostic = { severity: "error" as const, message, file: null, line: null, column: null };
  return { ...scanned(), status: "failed", diagnostics: [diagnostic] };
}

function bodyOf(facts: Partial<Onboarding>): string {
  return new Reports().onboarding({ ...FACTS, ...facts }).body;
}

/** Tags and comments that the template has, and those of escaped values. */
const OUR_TAGS = /^<(?:\/?(?:code|details|summary|br)|!-- driftwright:v1 .*--)>$/;

describe("the pull request that proposes a configuration", () => {
  it("is marked, and with the hash of its file, so that another file is another text", () => {
    expect(parseMarker(bodyOf({}))?.kind).toBe("onboarding");
    expect(bodyOf({ file: "version: 1\nstart: all\n" })).not.toBe(bodyOf({}));
  });

  it("says why a stack could not be read, and how AWS lets itself be read with the repository's external id", () => {
    const body = bodyOf({ stacks: [failed("the role was refused")] });
    expect(body).toContain("- `shop` (failed): the role was refused");
    expect(body).toContain("- AWS: 0 of 1 stack could be compared with what runs.");
    expect(body).toContain('"sts:ExternalId": "driftwright-1296269"');
    expect(body).toContain('"arn:aws:s3:::acme-states/*"');
    expect(body).toContain("- repositories: [acme/shop]");
    expect(body).toContain("- bucket: acme-states");
  });

  it("says a reason that several stacks have once, with their names", () => {
    const same = Array.from({ length: 12 }, (_, n) => ({ ...failed("the role was refused"), name: `s${n}` }));
    const other = { ...failed("no state"), name: "b" };
    const incomplete = { ...failed("the role was refused"), name: "c", status: "incomplete" as const };
    const body = bodyOf({ stacks: [...same.slice(0, 2), other, incomplete, ...same.slice(2)] });
    expect(body).toContain(
      "- `s0`, `s1`, `s2`, `s3`, `s4`, `s5`, `s6`, `s7` and 4 more (failed): the role was refused\n" +
        "- `b` (failed): no state\n- `c` (incomplete): the role was refused\n",
    );
    expect(bodyOf({ stacks: same.slice(0, 2) })).toContain("- `s0`, `s1` (failed): the role was refused");
  });

  it.each([
    ["an edit of this value alone", resized, true],
    [
      "an edit that changes others as well",
      { ...resized, adoption: { ...resizeAdoption, verdict: "shared" as const } },
      false,
    ],
    ["no edit", { ...resized, adoption: null }, false],
    ["a sensitive value", { ...secretChanged, adoption: resizeAdoption }, false],
    ["three values of which no edit is right", { ...conflict, adoption: resizeAdoption }, false],
  ])("promises a pull request only where one can be made: %s", (_what, finding, isPromised) => {
    const body = bodyOf({ stacks: [scanned([finding])] });
    expect(body).toContain("people decide");
    expect(body.includes("a pull request that edits `infra/shop/prod.tfvars`")).toBe(isPromised);
  });

  it("says who gives it credentials where it has none, rather than how a person logs in", () => {
    const message = "no AWS credentials were found; set AWS_PROFILE, or log in with `aws sso login`";
    const body = bodyOf({ stacks: [failed(message)] });
    expect(body).toContain("- `shop` (failed): Driftwright has no AWS credentials where it runs;");
    expect(body).not.toContain("sso login");
  });

  it("parts the permissions that are missing from what can be read", () => {
    const body = bodyOf({ missingPermissions: ["checks: write"] });
    expect(body).toMatch(/no check runs\n\nOf the clouds that the stacks are in:\n\n- AWS: /);
  });

  it("shows no way to what can be read already", () => {
    expect(bodyOf({ stacks: [scanned()] })).not.toContain("sts:ExternalId");
  });

  it("names the clouds that cannot be compared yet", () => {
    const stacks = [{ ...STACK, providers: ["google", "azurerm", "random"] }];
    const body = bodyOf({ proposal: { stacks, left: 0 } });
    expect(body).toContain("- Google Cloud: cannot be compared yet");
    expect(body).toContain("- Azure: cannot be compared yet");
    expect(body).not.toMatch(/random/);
  });

  it("tells numbers alone where everyone can read it", () => {
    const stacks = [scanned([sshOpen]), { ...failed("account 123456789012"), name: "b" }];
    const body = bodyOf({ stacks, isPublic: true });
    expect(body).toContain(`| ${sshOpen.severity} | 1 |`);
    expect(body).toContain("1 stack could not be read in full.");
    expect(body).not.toContain(sshOpen.address);
    expect(body).not.toContain("account 123456789012");
  });

  it("promises a public repository numbers, and says how to have more", () => {
    const body = bodyOf({ stacks: [scanned([sshOpen])], isPublic: true });
    const next = body.slice(body.indexOf("### What happens next"));
    expect(next).toContain("numbers alone");
    expect(next).toContain("`public: details`");
    expect(next).toContain("`public: { repository: NAME }`");
    expect(next).not.toMatch(/gets? (?:issues|them)/);
    expect(next).toMatch(/^- \*\*Close without merging\*\*/m);
    const own = bodyOf({ stacks: [scanned([sshOpen])] });
    expect(own).toContain("what is new gets issues and pull requests of its own");
    expect(own).not.toMatch(/numbers alone|public:/);
  });

  it("shows the environment that is proposed", () => {
    const stacks = [
      { ...STACK, environment: "prod" },
      { ...STACK, name: "b" },
    ];
    const rows = bodyOf({ proposal: { stacks, left: 0 } }).split("\n");
    expect(rows.find((row) => row.startsWith("| `shop` |"))).toMatch(
      /^\| `shop` \| `infra\/shop` \| `prod` \|/,
    );
    expect(rows.find((row) => row.startsWith("| `b` |"))).toMatch(/^\| `b` \| `infra\/shop` \| {2}\|/);
  });

  it("has no room for ten thousand stacks and findings, and says how many are left out", () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `stack-${n}`);
    const stacks = names.map((name) =>
      scanned([{ ...sshOpen, address: `aws_security_group.${name}` }], name),
    );
    const proposal = {
      stacks: names.slice(0, 500).map((name) => ({ ...STACK, name, path: name })),
      left: 9_500,
    };
    const { body, continuations } = new Reports().onboarding({ ...FACTS, stacks, proposal });
    expect(byteLength(body)).toBeLessThanOrEqual(BODY_BUDGET);
    expect(continuations).toEqual([]);
    expect(body).toMatch(/\*9,\d\d\d more stacks are not shown/);
    expect(body).toContain("### What happens next");
  });

  it("leaves no heading of a table without rows, and cuts the reasons last", () => {
    const names = Array.from({ length: 500 }, (_, n) => `a-rather-long-name-of-a-stack-${n}-`.repeat(3));
    const stacks = names.map((name, n) => ({ ...failed(`reason ${n % 3}`), name, path: name }));
    const stacksOf = names.map((name) => ({ ...STACK, name, path: name }));
    const body = bodyOf({ stacks, proposal: { stacks: stacksOf, left: 0 } });
    expect(byteLength(body)).toBeLessThanOrEqual(BODY_BUDGET);
    for (const n of [0, 1, 2]) expect(body).toContain(`(failed): reason ${n}`);
    expect(body).toMatch(/\*\d+ more stacks are not shown|\*\d+ more are left out here/);
    expect(body).not.toMatch(/^\| --- .*\n(?!\|)/m);
  });

  it("tells of nothing that an apply settles", () => {
    const pending = { ...resized, kind: "pending-create" as const, changes: [] };
    const body = bodyOf({ stacks: [scanned([pending])] });
    expect(body).toContain("| `shop` | pending create | 1 medium |");
    expect(body).not.toContain("What becomes of it");
  });

  it("lets all states be read, with their lock tables, and says which ones it does not show", () => {
    const stateOf = (n: number) => ({
      kind: "s3" as const,
      bucket: `bucket-${n}`,
      key: "k",
      lockTable: `t${n}`,
    });
    const stacksOf = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ ...STACK, name: `s${n}`, state: stateOf(n) }));
    const some = bodyOf({ stacks: [failed("x")], proposal: { stacks: stacksOf(25), left: 0 } });
    for (let n = 0; n < 25; n += 1) {
      expect(some).toContain(`"arn:aws:s3:::bucket-${n}/*"`);
      expect(some).toContain(`"arn:aws:dynamodb:*:*:table/t${n}"`);
      expect(some).toContain(
        `      - bucket: bucket-${n}\n        roles: [<the role's ARN>]\n        lock_table: t${n}\n`,
      );
    }
    expect(some).toContain('"dynamodb:GetItem"');
    expect(some).not.toContain("Not all states are named");
    const many = bodyOf({ stacks: [failed("x")], proposal: { stacks: stacksOf(300), left: 0 } });
    expect(many).toContain("**Not all states are named above.**");
    expect(many).toContain("`bucket-41` with `t41`");
    expect(many).toContain("and 200 more.");
    expect(byteLength(many)).toBeLessThanOrEqual(BODY_BUDGET);
  });

  it("quotes a bucket whose name is a number, and asks for no table where there is none", () => {
    const state = { kind: "s3" as const, bucket: "123456789012", key: "k" };
    const body = bodyOf({ stacks: [failed("x")], proposal: { stacks: [{ ...STACK, state }], left: 0 } });
    expect(body).toContain('      - bucket: "123456789012"\n');
    expect(body).not.toContain("dynamodb");
  });

  it("lets the roles that the code names read their states, and reads the others with the account's role", () => {
    const named = "arn:aws:iam::123456789012:role/states";
    const state = { kind: "s3" as const, bucket: "b", key: "k" };
    const stacks = [
      { ...STACK, name: "own", state: { ...state, role: named } },
      { ...STACK, name: "none", state },
    ];
    const body = bodyOf({ stacks: [failed("x")], proposal: { stacks, left: 0 } });
    expect(body.match(/- bucket: /g)).toHaveLength(1);
    expect(body).toContain(`      - bucket: b\n        roles: [<the role's ARN>, "${named}"]\n`);
    expect(body).toContain(`\`${named}\` needs the same trust`);
    const without = bodyOf({ stacks: [failed("x")], proposal: { stacks: stacks.slice(1), left: 0 } });
    expect(without).not.toContain("needs the same trust");
  });

  it("has an entry with which all that the code names is allowed, and the account's role reads what names none", () => {
    const [ours, other] = ["arn:aws:iam::123456789012:role/ours", "arn:aws:iam::210987654321:role/states"];
    const settings = [
      { bucket: "one" },
      { bucket: "one", role: other },
      { bucket: "one", lockTable: "locks" },
      { bucket: "one", lockTable: "more", role: other },
      { bucket: "0x10", lockTable: "arn:aws:dynamodb:eu-west-1:123456789012:table/locks" },
    ];
    // Whichever comes first.
    for (const order of [settings, settings.toReversed()]) {
      const stacks = order.map((more, n) => ({
        ...STACK,
        name: `s${n}`,
        state: { kind: "s3" as const, key: "k", ...more },
      }));
      const body = bodyOf({ stacks: [failed("x")], proposal: { stacks, left: 0 } });
      const entry = (/```yaml\n([\s\S]*?)\n```/.exec(body)?.[1] ?? "")
        .replaceAll("<the role's ARN>", ours)
        .replaceAll("<the account's twelve digits>", "123456789012");
      const { access, problems } = parseAccess(`version: 1\nallow:\n${entry}\n`, "access.yml");
      expect(problems).toEqual([]);
      const shop = { id: 1, owner: "acme", name: "shop" };
      for (const { bucket, lockTable, role } of settings) {
        const backend = { bucket, key: "k", dynamodb_table: lockTable ?? null, role_arn: role ?? null };
        const place = s3Place({ settings: backend, unresolved: [] }, "default");
        expect(allowedPlace(place, allowedTo(shop, access).states, shop)).toMatchObject({
          role: { arn: role ?? ours },
        });
      }
    }
  });

  it("says how a bucket is added that the code does not name", () => {
    const state = { kind: "s3" as const, bucket: null, key: null };
    const stacks = [STACK, { ...STACK, name: "partial", state }];
    const body = bodyOf({ stacks: [failed("x")], proposal: { stacks, left: 0 } });
    expect(body).toContain("The code of 1 stack does not say its bucket");
    expect(bodyOf({ stacks: [failed("x")] })).not.toContain("does not say its bucket");
  });

  it.each([false, true])("promises no issue where there are none (public: %s)", (isPublic) => {
    const facts = { stacks: [scanned([sshOpen])], isPublic };
    const off = bodyOf({ ...facts, hasIssues: false });
    expect(off).toContain("Issues are switched off in this repository");
    expect(off).not.toContain("one issue");
    expect(off).not.toContain("there is a plan to undo it");
    expect(bodyOf(facts)).toContain("one issue");
    expect(bodyOf(facts)).not.toContain("switched off");
  });

  it.each([false, true])(
    "says that the rest waits for the permission for issues (public: %s)",
    (isPublic) => {
      const facts = { stacks: [scanned([sshOpen])], isPublic };
      const body = bodyOf({ ...facts, missingPermissions: ["issues: write"] });
      expect(body).toContain("**Merge**, and have `issues: write` granted");
      expect(bodyOf({ ...facts, missingPermissions: ["checks: write"] })).toContain(
        "**Merge**, and the next scan",
      );
    },
  );

  it("is the same structure whatever stands in names, files and messages", () => {
    const anyStack = fc.tuple(hostile, hostile, hostile, hostile).map(([name, path, file, bucket]) => ({
      stack: { ...STACK, name, path, varFiles: [file], state: { kind: "s3" as const, bucket, key: file } },
      seen: { ...failed(path), name },
    }));
    fc.assert(
      fc.property(fc.array(anyStack, { minLength: 1, maxLength: 4 }), hostile, (all, branch) => {
        const proposal = { stacks: all.map((one) => one.stack), left: 0 };
        const body = bodyOf({ proposal, stacks: all.map(({ seen }) => seen), defaultBranch: branch });
        expect(parseMarker(body)?.kind).toBe("onboarding");
        expect(byteLength(body)).toBeLessThanOrEqual(BODY_BUDGET);
        for (const cells of tableShapes(body)) expect(new Set(cells).size).toBe(1);
        expect(htmlTags(body).filter((tag) => !OUR_TAGS.test(tag))).toEqual([]);
      }),
    );
  });
});

describe("what the role that reads AWS may do", () => {
  it("is what docs/operations.md says", () => {
    const docs = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const actionsIn = (text: string) => {
      const policy = parseJson(/```(?:json)?\n(\{[\s\S]*?\n\})\n```/.exec(text)?.[1] ?? "{}");
      const statements = isJsonObject(policy) ? policy["Statement"] : null;
      return isJsonArray(statements ?? undefined)
        ? JSON.stringify((statements as { Action: unknown }[])[0]?.Action)
        : null;
    };
    const access = { states: [{ bucket: "b", lockTable: "t", roles: [] }] };
    expect(actionsIn(awsPermissions(access))).toBe(actionsIn(docs));
    expect(actionsIn(docs)).toContain("ec2:DescribeInstances");
  });
});
