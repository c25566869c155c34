import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { CODE, hasUnprivileged, stack, stateOf, Workplace } from "./command.ts";

const places: Workplace[] = [];

function workplace(files: Readonly<Record<string, string>> = stack()): Workplace {
  const place = new Workplace(files);
  places.push(place);
  return place;
}

afterAll(() => {
  for (const place of places) place.remove();
});

const LONG = "x".repeat(300);
const STACK = /^\s+at .*:\d+:\d+/m;

describe.concurrent("a path of the command line that cannot be looked at is one clear error", () => {
  test.each([
    ["--out", LONG, /error: --out x+: the name is too long; give a shorter path/],
    ["--var-file", LONG, /error: --var-file x+: the name is too long; give a shorter path/],
    ["--dir", LONG, /error: --dir x+: the name is too long; give a shorter path/],
    ["--root", LONG, /error: --root x+: the name is too long; give a shorter path/],
    ["--config", LONG, /error: --config x+ cannot be read: the name is too long; give a shorter path/],
    ["--state", LONG, /error: .*x: the file cannot be read: the name is too long/],
    ["--out", "loop", /error: --out loop: it is a link that leads back to itself; mend the link/],
    ["--var-file", "loop", /error: --var-file loop: it is a link that leads back to itself; mend the link/],
    ["--dir", "loop", /error: --dir loop: it is a link that leads back to itself; mend the link/],
    ["--config", "loop", /error: --config loop cannot be read: it is a link that leads back to itself/],
    ["--state", "loop", /error: \S*loop: the file cannot be read: it is a link that leads back to itself/],
    ["--out", "main.tf/reports", /error: --out main\.tf\/reports: \S+main\.tf is a file; give a folder/],
    ["--config", "sub", /error: --config sub cannot be read: it is a folder; give the file itself/],
  ])("%s %s", async (option, path, message) => {
    const place = workplace({ ...stack(), "sub/x": "" });
    symlinkSync("loop", place.path("loop"));
    for (const command of ["scan", "eval"]) {
      if (command === "eval" && ["--out", "--config"].includes(option)) continue;
      const { code, said, stderr, stdout } = await place.run([command, option, path]);
      expect(said).toMatch(message);
      expect(stderr).not.toMatch(STACK);
      expect(`${stdout}${stderr}`.match(/error:/g)).toHaveLength(1);
      expect(code).toBe(1);
    }
  });
});

describe.skipIf(!hasUnprivileged()).concurrent("no permission is said as no permission", () => {
  test.each([
    ["--out", /error: --out closed\/x: there is no permission to look at it; run as a user who may/],
    [
      "--var-file",
      /error: --var-file closed\/x: there is no permission to look at it; run as a user who may/,
    ],
    ["--dir", /error: --dir closed\/x: there is no permission to look at it; run as a user who may/],
    ["--root", /error: --root closed\/x: there is no permission to look at it; run as a user who may/],
    ["--config", /error: --config closed\/x cannot be read: there is no permission to read it/],
    ["--state", /error: closed\/x: there is no permission to read the file/],
  ])("%s in a closed folder", async (option, message) => {
    const place = workplace({ ...stack(), "closed/x": "" });
    chmodSync(place.path("closed"), 0);
    const { code, said, stderr } = await place.runUnprivileged(["scan", option, "closed/x"]);
    expect(said).toMatch(message);
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(1);
  });

  test("--out below a folder that may not be written: said before anything is scanned", async () => {
    const place = workplace();
    mkdirSync(place.path("kept"), { mode: 0o555 });
    chmodSync(place.path("kept"), 0o555);
    const { code, said } = await place.runUnprivileged(["scan", "--out", "kept/a/b"]);
    expect(said).toMatch(/error: --out kept\/a\/b: there is no permission to write into \S+kept; give --out/);
    expect(said).not.toMatch(/looking for stacks/);
    expect(code).toBe(1);
  });

  test("a file of code: the reason comes first, and is said once", async () => {
    const place = workplace({ ...stack(), "x.tf": "locals {\n  tags = {}\n}\n" });
    place.put("y.tf", 'resource "aws_vpc" "y" {\n  tags = local.tags\n}\n');
    chmodSync(place.path("x.tf"), 0);
    for (const command of ["scan", "eval"]) {
      const { code, said } = await place.runUnprivileged([command]);
      expect(said).toMatch(/error: x\.tf cannot be read: there is no permission to read it; let the user/);
      expect(said.match(/no permission/g)).toHaveLength(1);
      expect(said).not.toMatch(/no such file/);
      expect(code).toBe(1);
    }
  });

  test("a variable file", async () => {
    const place = workplace({ ...stack(), "terraform.tfvars": 'size = "t3.small"\n' });
    chmodSync(place.path("terraform.tfvars"), 0);
    const { said } = await place.runUnprivileged(["scan"]);
    expect(said).toMatch(
      /the variable file terraform\.tfvars cannot be read: there is no permission to read/,
    );
    expect(said).not.toMatch(/no such file/);
  });

  test("a file that an expression reads", async () => {
    const place = workplace({ ...stack(), "z.tf": 'output "x" {\n  value = file("user-data.sh")\n}\n' });
    place.put("y.tf", 'resource "aws_vpc" "y" {\n  cidr_block = file("cidr.txt")\n}\n');
    place.put("cidr.txt", "10.0.0.0/8");
    chmodSync(place.path("cidr.txt"), 0);
    const { said } = await place.runUnprivileged(["eval"]);
    expect(said).toMatch(/error: y\.tf:2:\d+: .*cidr\.txt.*there is no permission to read it/);
  });

  test.each(["0", "0o111"])("a module's folder with the mode %s", async (mode) => {
    const place = workplace({ ...stack(), "m.tf": 'module "x" {\n  source = "./modules/x"\n}\n' });
    place.put("modules/x/main.tf", "");
    chmodSync(place.path("modules/x"), Number(mode));
    for (const command of ["scan", "eval"]) {
      const { code, said } = await place.runUnprivileged([command]);
      expect(said).toMatch(
        /m\.tf:2:\d+: module "x": modules\/x cannot be read: there is no permission to read/,
      );
      expect(said).not.toMatch(/there are no Terraform files/);
      expect(said.match(/no permission/g)).toHaveLength(1);
      expect(code).toBe(1);
    }
  });

  test("a module in a closed folder", async () => {
    const place = workplace({ ...stack(), "m.tf": 'module "x" {\n  source = "./modules/x"\n}\n' });
    place.put("modules/x/main.tf", "");
    chmodSync(place.path("modules"), 0);
    const { said } = await place.runUnprivileged(["scan"]);
    expect(said).toMatch(
      /m\.tf:2:\d+: module "x": modules\/x cannot be read: there is no permission to read/,
    );
    expect(said).not.toMatch(/there are no Terraform files/);
  });

  test("a stack's own folder", async () => {
    const place = workplace({ "infra/main.tf": CODE, "infra/terraform.tfstate": stateOf() });
    chmodSync(place.path("infra"), 0);
    const { code, said } = await place.runUnprivileged(["scan"]);
    expect(said).toMatch(/error: infra: there is no permission to read it/);
    expect(code).toBe(1);
    const alone = await place.runUnprivileged(["eval", "--dir", "infra"]);
    expect(alone.said).toMatch(/there is no permission to read/);
    expect(alone.said).not.toMatch(/there are no Terraform files/);
    expect(alone.code).toBe(1);
  });

  test("a state in its place", async () => {
    const place = workplace();
    chmodSync(place.path("terraform.tfstate"), 0);
    for (const command of ["scan", "eval"]) {
      const { code, said } = await place.runUnprivileged([command]);
      expect(said).toMatch(/terraform\.tfstate: there is no permission to read it/);
      expect(said).not.toMatch(/no such file|no state was found/);
      expect(said.match(/no permission/g)).toHaveLength(1);
      expect(code).toBe(1);
    }
  });
});
