import type { AdoptionCase } from "../case.ts";

const SERVICES = `variable "services" {
  type = map(object({
    ports = optional(list(number), [8080])
  }))
  default = {
    api    = { ports = [1] }
    cron   = {}
    worker = {}
  }
}

locals {
  ports = { for name, each in var.services : name => each.ports[0] }
}
`;

function services(input: string, more = ""): { "main.tf": string } {
  return {
    "main.tf": `${SERVICES}
resource "terraform_data" "web" {
  ${more}input = ${input}
}
`,
  };
}

const PORTS =
  "flatten([for name, each in var.services : [for port in each.ports : { name = name, port = port }]])";

const WEB = "terraform_data.web";

/** `cron` and `worker` have one and the same value: the default of the type. */
const WORKER: AdoptionCase["expected"] = {
  verdict: "exact",
  lines: {
    "main.tf": ["-    worker = {}", "+    worker = { ports = [8081] }"],
  },
};

export const SHARED_DEFAULTS: readonly AdoptionCase[] = [
  {
    name: "an element of what flatten makes",
    files: services(`[for each in ${PORTS} : each.port]`),
    address: WEB,
    live: { "input[2]": 8081 },
    expected: WORKER,
  },
  {
    name: "an instance of what flatten makes",
    files: services("each.value.port", `for_each = { for each in ${PORTS} : each.name => each }\n  `),
    address: `${WEB}["worker"]`,
    live: { input: 8081 },
    expected: WORKER,
  },
  {
    name: "an instance of maps that are merged",
    files: services(
      "each.value",
      `for_each = merge([for name, each in var.services : { for at, port in each.ports : "\${name}-\${at}" => port }]...)\n  `,
    ),
    address: `${WEB}["worker-0"]`,
    live: { input: 8081 },
    expected: WORKER,
  },
  {
    name: "an element of lists that are joined",
    files: services("concat([for each in var.services : each.ports]...)"),
    address: WEB,
    live: { "input[2]": 8081 },
    expected: WORKER,
  },
  {
    name: "an element that has a name from another list",
    files: services("zipmap(keys(local.ports), values(local.ports))"),
    address: WEB,
    live: { "input.worker": 8081 },
    expected: WORKER,
  },
  {
    name: "a part of a list",
    files: services("slice(values(local.ports), 1, 3)"),
    address: WEB,
    live: { "input[1]": 8081 },
    expected: WORKER,
  },
  {
    name: "a list in chunks",
    files: services("chunklist(values(local.ports), 2)"),
    address: WEB,
    live: { "input[1][0]": 8081 },
    expected: WORKER,
  },
  {
    name: "an element behind one that is there twice",
    files: services(
      'distinct([for name in ["api", "api", "cron", "worker"] : { name = name, port = local.ports[name] }])',
    ),
    address: WEB,
    live: { "input[2].port": 8081 },
    expected: WORKER,
  },
];
