import type { AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";

function data(before: string, text: string): { "main.tf": string } {
  return { "main.tf": `${before}\nresource "aws_instance" "web" {\n  user_data = ${text}\n}\n` };
}

const LOUD = 'variable "loud" {\n  default = false\n}\n';
const PEOPLE = 'locals {\n  people = ["ann", "bob"]\n}\n';
/** Of others that go through the same list. */
const SHARED = `${PEOPLE}\nresource "aws_instance" "other" {\n  user_data = join(" ", local.people)\n}\n`;
const LISTED = '"%{for i, p in local.people}%{if i > 0}, %{endif}${p}%{endfor}"';

/** Texts that choose (`%{ if }`) or repeat (`%{ for }`). */
export const DIRECTIVES: readonly AdoptionCase[] = [
  {
    name: "the text of the branch that is taken, in a quoted template",
    files: data(LOUD, '"mode=%{if var.loud}verbose%{else}quiet%{endif}!"'),
    address: WEB,
    live: { user_data: "mode=calm!" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  user_data = "mode=%{if var.loud}verbose%{else}quiet%{endif}!"',
          '+  user_data = "mode=%{if var.loud}verbose%{else}calm%{endif}!"',
        ],
      },
    },
  },
  {
    name: "in a heredoc, with what is filled in",
    files: data(
      `${LOUD}\nlocals {\n  level = 3\n}\n`,
      "<<-EOT\n    mode=%{if var.loud}verbose%{else}quiet ${local.level}%{endif}\n    end\n  EOT",
    ),
    address: WEB,
    live: { user_data: "mode=calm 3\nend\n" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    mode=%{if var.loud}verbose%{else}quiet ${local.level}%{endif}",
          "+    mode=%{if var.loud}verbose%{else}calm ${local.level}%{endif}",
        ],
      },
    },
  },
  {
    name: "what the branch that is taken fills in",
    files: data(
      `${LOUD}\nlocals {\n  level = 3\n}\n`,
      "<<-EOT\n    mode=%{if var.loud}verbose%{else}quiet ${local.level}%{endif}\n    end\n  EOT",
    ),
    address: WEB,
    live: { user_data: "mode=quiet 4\nend\n" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  level = 3", "+  level = 4"] } },
  },
  {
    name: "in a file, on lines of their own",
    files: {
      ...data(
        'variable "swap" {\n  default = false\n}\n',
        'templatefile("init.sh.tftpl", { swap = var.swap })',
      ),
      "init.sh.tftpl":
        "#!/bin/sh\n%{ if swap ~}\nswapon -a\n%{ else ~}\nswapoff -a\n%{ endif ~}\nulimit -n 10\n",
    },
    address: WEB,
    live: { user_data: "#!/bin/sh\nswapoff -v\nulimit -n 20\n" },
    expected: {
      verdict: "exact",
      lines: { "init.sh.tftpl": ["-swapoff -a", "+swapoff -v", "-ulimit -n 10", "+ulimit -n 20"] },
    },
  },
  {
    name: "the condition where the other branch has the text",
    files: {
      ...data(LOUD, "<<-EOT\n    mode=%{if var.loud}verbose%{else}quiet%{endif}\n    end\n  EOT"),
      "terraform.tfvars": "loud = false\n",
    },
    address: WEB,
    live: { user_data: "mode=verbose\nend\n" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ["-loud = false", "+loud = true"] } },
  },
  {
    name: "the condition, also where others change with it: nobody writes the same in both branches",
    files: data(
      `${LOUD}\nresource "aws_instance" "other" {\n  monitoring = var.loud\n}\n`,
      '<<-EOT\n    {"mode": %{if var.loud}"verbose"%{else}"quiet"%{endif}}\n  EOT',
    ),
    address: WEB,
    live: { user_data: '{"mode": "verbose"}\n' },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ["-  default = false", "+  default = true"] },
    },
  },
  {
    name: "the condition of text that comes or goes",
    files: data(
      'variable "debug" {\n  default = true\n}\n',
      '"run%{if var.debug} --debug%{endif} --port 80"',
    ),
    address: WEB,
    live: { user_data: "run --port 80" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = true", "+  default = false"] } },
  },
  {
    name: "text on both sides of a directive",
    files: data(LOUD, '"mode=%{if var.loud}verbose%{else}quiet%{endif}!"'),
    address: WEB,
    live: { user_data: "Mode=calm?" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  user_data = "mode=%{if var.loud}verbose%{else}quiet%{endif}!"',
          '+  user_data = "Mode=%{if var.loud}verbose%{else}calm%{endif}?"',
        ],
      },
    },
  },
  {
    name: "a directive is not given up for the text that it gives now",
    files: data(LOUD, '"mode=%{if var.loud}verbose%{else}quiet%{endif}!"'),
    address: WEB,
    live: { user_data: "silent" },
    expected: { verdict: "refused", why: "the text at main.tf:6 would have to be another" },
  },
  {
    name: "the fixed text around what is repeated, for all elements",
    files: data(PEOPLE, '"%{for p in local.people}<${p}>%{endfor}"'),
    address: WEB,
    live: { user_data: "[ann][bob]" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  user_data = "%{for p in local.people}<${p}>%{endfor}"',
          '+  user_data = "%{for p in local.people}[${p}]%{endfor}"',
        ],
      },
    },
  },
  {
    name: "the separator of what is repeated",
    files: data(PEOPLE, LISTED),
    address: WEB,
    live: { user_data: "ann; bob" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          `-  user_data = ${LISTED}`,
          '+  user_data = "%{for i, p in local.people}%{if i > 0}; %{endif}${p}%{endfor}"',
        ],
      },
    },
  },
  {
    name: "lines that are repeated, in a branch that some elements take",
    files: data(
      'locals {\n  services = {\n    api  = { size = "small" }\n    cron = { size = "small" }\n    db   = { size = "large" }\n  }\n}\n',
      '<<-EOT\n    %{for name, s in local.services~}\n    - ${name}%{if s.size == "large"} (big)%{else} (tiny)%{endif}\n    %{endfor~}\n  EOT',
    ),
    address: WEB,
    live: { user_data: "    - api (small)\n    - cron (small)\n    - db (big)\n" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    - ${name}%{if s.size == "large"} (big)%{else} (tiny)%{endif}',
          '+    - ${name}%{if s.size == "large"} (big)%{else} (small)%{endif}',
        ],
      },
    },
  },
  {
    name: "one more element, where a separator stands between them",
    files: data(PEOPLE, LISTED),
    address: WEB,
    live: { user_data: "ann, bob, cid" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["ann", "bob", "cid"]'] },
    },
  },
  {
    name: "two more elements of a list that others share, rather than text behind what is repeated",
    files: data(SHARED, LISTED),
    address: WEB,
    live: { user_data: "ann, bob, cid, dan" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["ann", "bob", "cid", "dan"]'] },
    },
  },
  {
    name: "the first element, with which the others have other places",
    files: data(PEOPLE, LISTED),
    address: WEB,
    live: { user_data: "zoe, ann, bob" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["zoe", "ann", "bob"]'] },
    },
  },
  {
    name: "the first element goes",
    files: data(PEOPLE, LISTED),
    address: WEB,
    live: { user_data: "bob" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["bob"]'] },
    },
  },
  {
    name: "an element of the list that a template's file goes through, before lines of its own",
    files: {
      ...data(SHARED, 'templatefile("init.sh.tftpl", { hosts = local.people })'),
      "init.sh.tftpl": "#!/bin/sh\n%{ for h in hosts ~}\necho ${h} >> /etc/hosts\n%{ endfor ~}\ndone\n",
    },
    address: WEB,
    live: {
      user_data: "#!/bin/sh\necho ann >> /etc/hosts\necho bob >> /etc/hosts\necho cid >> /etc/hosts\ndone\n",
    },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["ann", "bob", "cid"]'] },
    },
  },
  {
    name: "an element in JSON that a template writes",
    files: data(
      SHARED,
      '<<-EOT\n    {"hosts": [%{for i, p in local.people}%{if i > 0}, %{endif}"${p}"%{endfor}]}\n  EOT',
    ),
    address: WEB,
    live: { user_data: '{"hosts": ["ann", "bob", "cid"]}\n' },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["ann", "bob", "cid"]'] },
    },
  },
];
