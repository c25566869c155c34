import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TOKEN_PERMISSIONS, WANTED_EVENTS, WANTED_PERMISSIONS } from "../../src/github/permissions.ts";

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), "utf8");

describe("app.yml", () => {
  test("asks for the permissions that the code wants", async () => {
    expect(parse(await read("app.yml")).default_permissions).toEqual(WANTED_PERMISSIONS);
  });

  test("asks for events that its permissions allow", async () => {
    // https://docs.github.com/en/webhooks/webhook-events-and-payloads: what each event needs at least.
    const needs: Record<string, keyof typeof WANTED_PERMISSIONS> = {
      check_run: "checks",
      issue_comment: "issues",
      issues: "issues",
      merge_group: "merge_queues",
      pull_request: "pull_requests",
      push: "contents",
      repository: "metadata",
      workflow_run: "actions",
    };
    const { default_events: events } = parse(await read("app.yml"));
    expect(events).toEqual(Object.keys(needs));
    expect(events).toEqual(WANTED_EVENTS);
    for (const permission of Object.values(needs)) expect(WANTED_PERMISSIONS[permission]).toBeDefined();
  });
});

describe("docs/permissions.md", () => {
  test("says why, for each permission and event", async () => {
    const text = await read("docs/permissions.md");
    for (const [name, level] of Object.entries(WANTED_PERMISSIONS)) {
      const title = name.replace("_", " ").replace(/^./, (letter) => letter.toUpperCase());
      expect(text).toMatch(new RegExp(`^\\| ${title} \\| ${level} \\| .+ \\| .+ \\|$`, "m"));
    }
    for (const event of parse(await read("app.yml")).default_events) expect(text).toContain(`\`${event}\``);
  });
});

test("no job's token may do more than the App", () => {
  const ranks = ["read", "write", "admin"];
  for (const permissions of Object.values(TOKEN_PERMISSIONS)) {
    for (const [name, level] of Object.entries(permissions)) {
      const wanted = WANTED_PERMISSIONS[name as keyof typeof WANTED_PERMISSIONS];
      expect(ranks.indexOf(level)).toBeLessThanOrEqual(ranks.indexOf(wanted));
    }
  }
});
