#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 20)) {
  console.error(
    `driftwright needs Node.js 22.20 or later, and this is ${process.version}. In a checkout, "npm ci" brings a newer one: run it as "npx driftwright".`,
  );
  process.exit(1);
}
module.enableCompileCache?.();
const source = new URL("../src/cli.ts", import.meta.url);
const cli = existsSync(source) ? source : new URL("../dist/cli.js", import.meta.url);
const { run } = await import(cli.href);
process.exitCode = await run(process.argv);
