#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 20)) {
  console.error(
    `driftwright needs Node.js 22.20 or later, and this is ${process.version}. In a checkout, "npm ci" brings a newer one: run it as "npm start".`,
  );
  process.exit(1);
}
module.enableCompileCache?.();
const source = new URL("../src/main.ts", import.meta.url);
const server = existsSync(source) ? source : new URL("../dist/main.js", import.meta.url);
const { main } = await import(server.href);
process.exit(await main(process.argv.slice(2)));
