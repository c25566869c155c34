import { FUNCTIONS } from "../src/hcl/functions/index.ts";
import { childrenOf, type SyntaxNode } from "../src/hcl/syntax/nodes.ts";
import { parse } from "../src/hcl/syntax/parser.ts";
import type { EvaluatedStack, Repository } from "../src/reconcile/repository.ts";
import { whatIf } from "../src/reconcile/what-if.ts";
import { WholeNeeded } from "../src/terraform/cells/trial.ts";
import { evaluateStack, type StackInputs } from "../src/terraform/evaluation/evaluation.ts";
import { editedFiles } from "../src/terraform/source/edited-file.ts";
import { ParsedFiles } from "../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../src/terraform/source/snapshot.ts";
import { TriedEdits } from "../src/terraform/trial/tried-edits.ts";

// How long it takes to find out what an edit of one literal changes: generated stacks, random literals.

interface Stack {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The file in which literals are edited, and the first and last line of them. */
  readonly file: string;
  readonly literal?: RegExp;
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

function blocks(count: number): Stack {
  const main = lines(
    count,
    (index) => `resource "aws_instance" "r${index}" {
  ami           = "ami-${index}"
  instance_type = local.sizes.small
  count_of      = ${index}
  monitoring    = true
  subnet_id     = ${index === 0 ? '"subnet-0"' : `aws_instance.r${index - 1}.ami`}

  tags = {
    Name  = "server-${index}"
    Owner = local.owner
  }

  root_block_device {
    volume_size = 20
    encrypted   = true
  }
}
`,
  );
  const locals =
    'locals {\n  sizes = {\n    small = "t3.small"\n    large = "t3.large"\n  }\n  owner = "shop"\n}\n';
  return {
    name: `${count.toLocaleString("en")} blocks, a literal in place`,
    file: "main.tf",
    files: { "main.tf": main, "locals.tf": locals },
  };
}

function entries(count: number): string {
  return lines(
    count,
    (index) => `  "key-${index}" = {
    size = "t3.small"
    disk = ${index}
    tags = { Name = "server-${index}" }
  }`,
  );
}

const USES = `  instance_type = each.value.size
  disk          = each.value.disk
  tags          = merge(each.value.tags, { Key = each.key })
`;

function forEachLocal(count: number): Stack {
  const main = `resource "aws_instance" "each" {\n  for_each = local.servers\n${USES}}\n`;
  return {
    name: `for_each over ${count.toLocaleString("en")}, from a local`,
    file: "locals.tf",
    files: { "main.tf": main, "locals.tf": `locals {\n  servers = {\n${entries(count)}\n  }\n}\n` },
  };
}

function forEachInPlace(count: number): Stack {
  const main = `resource "aws_instance" "each" {\n  for_each = {\n${entries(count)}\n  }\n${USES}}\n`;
  return {
    name: `for_each over ${count.toLocaleString("en")}, in place`,
    file: "main.tf",
    files: { "main.tf": main },
    literal: /^"t3|^\d/,
  };
}

const VARIABLE = `variable "servers" {
  type = map(object({
    size    = string
    disk    = number
    tags    = map(string)
    monitor = optional(bool, true)
  }))
}
`;

function forEachTfvars(count: number): Stack {
  const main = `${VARIABLE}resource "aws_instance" "each" {\n  for_each = var.servers\n${USES}}\n`;
  return {
    name: `for_each over ${count.toLocaleString("en")}, from tfvars in a type`,
    file: "terraform.tfvars",
    files: { "main.tf": main, "terraform.tfvars": `servers = {\n${entries(count)}\n}\n` },
  };
}

function throughModule(count: number): Stack {
  const main = `${VARIABLE}module "app" {\n  source  = "./app"\n  servers = var.servers\n}\n`;
  const app = `${VARIABLE}resource "aws_instance" "each" {\n  for_each = var.servers\n${USES}}\n`;
  return {
    name: `for_each over ${count.toLocaleString("en")}, through a module`,
    file: "terraform.tfvars",
    files: { "main.tf": main, "app/main.tf": app, "terraform.tfvars": `servers = {\n${entries(count)}\n}\n` },
  };
}

const STACKS: readonly Stack[] = [
  blocks(1_000),
  blocks(10_000),
  { ...blocks(10_000), name: "10,000 blocks, a local that all of them read", file: "locals.tf" },
  forEachLocal(10_000),
  forEachInPlace(10_000),
  forEachTfvars(10_000),
  throughModule(10_000),
];

interface Literal {
  readonly start: number;
  readonly end: number;
}

function literalsIn(path: string, text: string, wanted: RegExp): Literal[] {
  const found: Literal[] = [];
  const open: SyntaxNode[] = [parse({ path, text }).body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { start, end } = node;
    if (node.kind === "item") {
      open.push(node.value);
      continue;
    }
    open.push(...childrenOf(node));
    if ((node.kind === "template" || node.kind === "number") && wanted.test(text.slice(start, end)))
      found.push({ start, end });
  }
  return found;
}

/** A generator of numbers below 1 that gives the same ones every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function measure({ name, files, file, literal = /./ }: Stack, runs: number): void {
  const sources = new ParsedFiles(memorySnapshot(files));
  const evaluate = (parsed: ParsedFiles, inputs: StackInputs) => evaluateStack(parsed, inputs, FUNCTIONS);
  const started = performance.now();
  const evaluation = evaluate(sources, { root: ".", settings: [], workspace: "default", state: null });
  const whole = performance.now() - started;
  const stack: EvaluatedStack = { name: "main", evaluation };
  const repository: Repository = { files: sources, stacks: [stack], evaluate };
  const literals = literalsIn(file, files[file] ?? "", literal);
  const random = randomNumbers(1);
  const times: number[] = [];
  let effects = 0;
  const cpu = process.cpuUsage();
  for (let run = 0; run < runs + 20; run += 1) {
    const place = literals[Math.floor(random() * literals.length)];
    if (place === undefined) throw new Error(`no literal in ${file}`);
    const text = files[file]?.slice(place.start, place.end).startsWith('"')
      ? `"edited-${run}"`
      : String(run + 77_777);
    const edits = [{ file, ...place, text }];
    const before = performance.now();
    const found = whatIf(repository, edits, (outcomeOf) => {
      const outcome = outcomeOf(stack);
      return { errors: outcome.errors.length, effects: outcome.effects.length };
    });
    if (run >= 20) times.push(performance.now() - before);
    if (found.errors > 0) throw new Error(`the edit at ${place.start} is an error`);
    effects += found.effects;
    if (run < 3) {
      try {
        new TriedEdits(evaluation, editedFiles(sources, edits)).end();
      } catch (error) {
        if (error instanceof WholeNeeded) console.log(`  whole: ${error.message}`);
      }
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(3);
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${name}: whole ${whole.toFixed(0)} ms; edit median ${at(0.5)} ms, p95 ${at(0.95)} ms, processor ${((user + system) / 1000 / (runs + 20)).toFixed(3)} ms, ${(effects / (runs + 20)).toFixed(1)} effects; ${literals.length} literals; ${memory} MB`,
  );
}

const only = process.argv[2];
for (const stack of STACKS)
  if (only === undefined || stack.name.includes(only))
    measure(stack, stack.name.includes("all of them") ? 20 : 200);
