import { describe, expect, it, test } from "vitest";
import type { Setting } from "../../../src/terraform/code/inputs.ts";
import { evaluateFiles, outputOf, problemsOf } from "../stack.ts";

const MAIN = `variable "x" {
  type    = string
  default = "default"
}
output "x" {
  value = var.x
}
output "literal" {
  value = "here"
}
`;
const VAR: Setting = { kind: "variable", name: "x", text: "-var" };
const ENVIRONMENT: Setting = { kind: "environment", name: "x", text: "TF_VAR" };
const file = (path: string): Setting => ({ kind: "file", path });
const UNREAD = "\0GITCRYPT\0";

describe("a variable file that cannot be read decides what nothing behind it does", () => {
  test.each<[string, Record<string, string>, Setting[], string | null]>([
    ["the default does not count", { "b.auto.tfvars": UNREAD }, [], null],
    ["nor TF_VAR_…", { "b.auto.tfvars": UNREAD }, [ENVIRONMENT], null],
    ["nor terraform.tfvars", { "b.auto.tfvars": UNREAD, "terraform.tfvars": 'x = "a"' }, [], null],
    ["nor a file before it", { "b.auto.tfvars": UNREAD, "a.auto.tfvars": 'x = "a"' }, [], null],
    ["a file behind it does", { "b.auto.tfvars": UNREAD, "c.auto.tfvars": 'x = "c"' }, [], "c"],
    ["so does --var", { "b.auto.tfvars": UNREAD }, [VAR], "-var"],
    ["and --var-file", { "b.auto.tfvars": UNREAD, "c.tfvars": 'x = "c"' }, [file("c.tfvars")], "c"],
    ["but not where a --var-file is the one", { "c.tfvars": UNREAD }, [VAR, file("c.tfvars")], null],
    ["one that is not there", {}, [file("gone.tfvars")], null],
    ["one that nobody reads does not matter", { "c.tfvars": UNREAD }, [], "default"],
  ])("%s", (_, files, settings, expected) => {
    const evaluation = evaluateFiles({ "main.tf": MAIN, ...files }, { settings });
    expect(outputOf(evaluation, "x").json).toBe(expected);
    expect(outputOf(evaluation, "literal").json).toBe("here");
    expect(evaluation.broken).toEqual([]);
  });
});

test("what is not known keeps its type", () => {
  const main = 'variable "x" { type = list(string) }\noutput "x" { value = [for each in var.x : each] }';
  expect(problemsOf(evaluateFiles({ "main.tf": main, "a.auto.tfvars": UNREAD }))).toEqual([
    expect.stringContaining("cannot be read"),
  ]);
});

describe("an encrypted variable file", () => {
  const SOPS =
    '{"x": "ENC[AES256_GCM,data:0gM=,iv:a,tag:b,type:str]", "sops": {"mac": "ENC[AES256_GCM,data:9Q==]"}}';

  it.each([
    ["git-crypt", "a.auto.tfvars", UNREAD],
    ["sops", "a.auto.tfvars.json", SOPS],
    ["age", "a.auto.tfvars", "age-encryption.org/v1\n-> X25519 a\n"],
    ["age", "a.auto.tfvars", "-----BEGIN AGE ENCRYPTED FILE-----\n"],
    ["ansible-vault", "a.auto.tfvars", "$ANSIBLE_VAULT;1.1;AES256\n6638\n"],
    ["PGP", "a.auto.tfvars", "-----BEGIN PGP MESSAGE-----\n"],
    ["OpenSSL", "a.auto.tfvars", "U2FsdGVkX19hYmM=\n"],
  ])("of %s in %s is no error", (program, path, text) => {
    const { diagnostics, broken } = evaluateFiles({ "main.tf": MAIN, [path]: text });
    expect(broken).toEqual([]);
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: `the variable file ${path} cannot be read: it is encrypted (${program}); what it may give counts as not known, unless --var or vars of the stack in .github/driftwright.yml give it`,
      }),
    ]);
  });

  it("is not what speaks of sops", () => {
    const evaluation = evaluateFiles({ "main.tf": MAIN, "terraform.tfvars.json": '{"x": "sops: ENC["}' });
    expect(outputOf(evaluation, "x").json).toBe("sops: ENC[");
  });
});

test.each(["utf16le", "utf-16le with a byte order mark"])("a variable file in %s is an error", (encoding) => {
  const mark = encoding === "utf16le" ? "" : "\ufeff";
  const text = new Uint8Array(Buffer.from(`${mark}x = "a"\n`, "utf16le")) as unknown as string;
  const { diagnostics } = evaluateFiles({ "main.tf": MAIN, "terraform.tfvars": text });
  expect(diagnostics).toEqual([
    expect.objectContaining({
      severity: "error",
      message:
        "the variable file terraform.tfvars cannot be read: it is UTF-16, and code is UTF-8; save it as UTF-8",
    }),
  ]);
});

test("a pointer of Git LFS in the place of a variable file is an error", () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935\nsize 12345\n";
  const evaluation = evaluateFiles({ "main.tf": MAIN, "terraform.tfvars": pointer });
  expect(outputOf(evaluation, "x").json).toBeNull();
  expect(problemsOf(evaluation)).toEqual([
    "error the variable file terraform.tfvars cannot be read: it is a pointer to what Git LFS stores; run git lfs pull, or keep the file out of Git LFS",
  ]);
});
