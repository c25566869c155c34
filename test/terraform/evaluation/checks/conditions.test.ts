import { describe, expect, test } from "vitest";
import { evaluateFiles, problemsOf } from "../../stack.ts";

function problems(main: string, options: Parameters<typeof evaluateFiles>[1] = {}): string[] {
  return problemsOf(evaluateFiles(main, options));
}

function validated(value: string, condition: string, message = '"use a, b or c"'): string[] {
  return problems(`variable "size" {
  default = ${value}
  validation {
    condition     = ${condition}
    error_message = ${message}
  }
}`);
}

describe("the validation of a variable", () => {
  test.each<[string, string, string, string[]]>([
    ["passes", '"a"', 'contains(["a", "b", "c"], var.size)', []],
    [
      "fails",
      '"d"',
      'contains(["a", "b", "c"], var.size)',
      ['error main.tf:4 variable "size": use a, b or c'],
    ],
    [
      "may be written as text",
      '"d"',
      'var.size == "d" ? "false" : "true"',
      ['error main.tf:4 variable "size": use a, b or c'],
    ],
    ["is no bool", '"d"', "var.size", ["error main.tf:4 the condition must be true or false"]],
    [
      "is null",
      '"d"',
      'var.size == "d" ? null : true',
      ["error main.tf:4 the condition is null; it must be true or false"],
    ],
    ["has an error", '"d"', "var.size.x == 1", ['error main.tf:4 cannot read attribute "x" of a string']],
  ])("%s", (_, value, condition, expected) => {
    expect(validated(value, condition)).toEqual(expected);
  });

  test("that is not known passes", () => {
    const variable =
      'variable "size" {\n  validation {\n    condition = var.size > 1\n    error_message = "x"\n  }\n}';
    expect(problems(variable).filter((problem) => problem.startsWith("error"))).toEqual([]);
  });

  test("says what the author says, made from values, but no secret", () => {
    expect(validated('"d"', 'var.size == "a"', `"not \${var.size}!"`)).toEqual([
      'error main.tf:4 variable "size": not d!',
    ]);
    expect(validated('"d"', 'var.size == "a"', `"not \${sensitive(var.size)}!"`)).toEqual([
      'error main.tf:4 variable "size": its condition is not met',
    ]);
  });

  test("sees the value that was given, other variables and locals", () => {
    const main = `
variable "low" { default = 5 }
variable "high" {
  default = 10
  validation {
    condition     = var.high > local.bound
    error_message = "above low"
  }
}
locals { bound = var.low }
`;
    expect(problems(main)).toEqual([]);
    expect(problems(main, { settings: [{ kind: "variable", name: "high", text: "3" }] })).toEqual([
      'error main.tf:6 variable "high": above low',
    ]);
  });

  test("of a module is that of each call", () => {
    const files = {
      "main.tf": 'module "m" {\n  for_each = { a = 1, b = 9 }\n  source = "./m"\n  n = each.value\n}\n',
      "m/main.tf":
        'variable "n" {\n  validation {\n    condition = var.n < 5\n    error_message = "less than 5, not ${var.n}"\n  }\n}\n',
    };
    expect(problemsOf(evaluateFiles(files))).toEqual(['error m/main.tf:3 variable "n": less than 5, not 9']);
  });
});

describe("a precondition", () => {
  function resource(condition: string): string {
    return `
variable "size" { default = 3 }
data "d" "d" {}
locals { found = data.d.d.name }
resource "a" "a" {
  count = 2
  lifecycle {
    precondition {
      condition     = ${condition}
      error_message = "instance \${count.index}"
    }
    postcondition {
      condition     = self.never
      error_message = "not evaluated"
    }
  }
}`;
  }

  test("of a resource is checked for each instance", () => {
    expect(problems(resource("var.size > count.index + 2"))).toEqual(["error main.tf:9 a.a[1]: instance 1"]);
  });

  test("on what the state has is a warning: the state may be older than the code", () => {
    const recorded = [
      { mode: "data" as const, type: "d", name: "d", instances: [{ attributes: { name: "old" } }] },
    ];
    expect(problems(resource('local.found == "new"'), { recorded })).toEqual([
      "warning main.tf:9 a.a[0]: instance 0",
      "warning main.tf:9 a.a[1]: instance 1",
    ]);
    expect(problems(resource('local.found == "new"'))).toEqual([]);
  });

  test("of an output", () => {
    expect(
      problems(
        'output "o" {\n  value = 1\n  precondition {\n    condition = path.root == ""\n    error_message = "never"\n  }\n}\n',
      ),
    ).toEqual(['error main.tf:4 output "o": never']);
  });

  test("that costs too much stops nothing else", () => {
    const main = `${resource("length([for x in range(1000) : [for y in range(1000) : [for z in range(1000) : x]]]) > 0")}\nresource "b" "b" { x = 1 }`;
    const evaluation = evaluateFiles(main, { limits: { steps: 100_000, elements: 100_000, text: 100_000 } });
    expect(evaluation.instances.get("b.b")?.plain().json).toEqual({ x: 1 });
    expect(problemsOf(evaluation).join()).toContain("evaluation stopped");
  });
});
