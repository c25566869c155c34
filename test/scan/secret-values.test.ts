import { expect, test } from "vitest";
import type { Change } from "../../src/drift/model.ts";
import { withSecretsMarked } from "../../src/scan/secret-values.ts";
import { change, finding } from "../intent/findings.ts";

const SECRETS = ["hunter2-hunter2", "short"];

test.each<readonly [string, Partial<Change>, boolean]>([
  ["no value holds one", { observed: { known: "b" } }, false],
  ["the cloud's value is one", { observed: { known: "hunter2-hunter2" } }, true],
  ["the cloud's value holds one", { observed: { known: "key=hunter2-hunter2;" } }, true],
  ["the code's value holds one", { desired: { known: "key=hunter2-hunter2" } }, true],
  ["the state's value holds one", { recorded: { known: "key=hunter2-hunter2" } }, true],
  ["it stands deep in a value", { observed: { known: { rules: [{ note: "hunter2-hunter2" }] } } }, true],
  ["it is a key", { observed: { known: { "hunter2-hunter2": 1 } } }, true],
  ["a short secret is part of innocent words", { observed: { known: "shortbread" } }, false],
  ["nothing is known", { desired: "unknown", recorded: "absent", observed: "unread" }, false],
])("a finding counts as sensitive by its values: %s", (_what, values, expected) => {
  const given = finding({ changes: [change("tags.Note", values)] });
  const marked = withSecretsMarked(given, SECRETS, "key");
  expect(marked.sensitive).toBe(expected);
  expect(marked.notes.length).toBe(expected ? 1 : 0);
  if (!expected) expect(marked).toBe(given);
});

test("what is sensitive already stays as it is", () => {
  const given = finding({ sensitive: true });
  expect(withSecretsMarked(given, SECRETS, "key")).toBe(given);
});

test("its revision tells nobody without the key what the secret is", () => {
  const given = finding({ changes: [change("tags.Note", { observed: { known: "hunter2-hunter2" } })] });
  const revision = (key: string) => withSecretsMarked(given, SECRETS, key).revision;
  expect(revision("key")).not.toBe(given.revision);
  expect(revision("key")).not.toBe(revision("other key"));
  expect(revision("key")).toBe(revision("key"));
});
