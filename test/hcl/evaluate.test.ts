import { testAnswers } from "./answers.ts";

/** Where the evaluator answers otherwise than Terraform 1.11, and why. */
const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  "what is null or unknown fits with every type here: without a provider's schema its type is not known": [
    "true ? {a = null} : {a = {b = 1}}",
    'true ? {a = 1, b = null} : {a = "x", b = [1]}',
    "true ? local.unknown : 1",
    "true ? [local.unknown] : [{a = 1}]",
    "true ? {a = local.unknown} : {a = {b = 1}}",
    "true ? [1, null] : [2, [1]]",
    "true ? [null, 1] : [{a = 1}, 2]",
    "true ? [null] : [[1], [2]]",
    "true ? {a = null} : {b = [1]}",
    "true ? {a = null} : {b = {c = 1}}",
    'true ? sensitive(null) : "a"',
    'true ? tolist([]) : [{a = 1, b = "x"}]',
    "tolist([local.unknown, {a = 1}])",
    "tolist([{a = local.unknown}, {a = {b = 1}}])",
    "tolist([[local.unknown], [[1]]])",
    "tomap({a = {c = local.unknown}, b = {c = [1]}})",
  ],
  "&& and || do not look at the right side where the left one decides, as from Terraform 1.12 on": [
    "false && null",
    'false && "x"',
    "true || 1",
    "local.unknown && false",
    "false && local.unknown",
    "true || local.unknown",
    "local.unknown || true",
    "false && sensitive(true)",
  ],
  "of what is unknown nothing is kept but its type and that it is not null": [
    'startswith("a-${local.unknown_string}", "a-")',
    "(local.unknown ? 1 : 2) > 0",
    'length(local.unknown ? tolist(["a"]) : tolist(["b"]))',
    'tobool(local.unknown_string) ? tolist(["a"]) : tolist(["b"])',
    'tobool(local.unknown_string) ? toset(["a"]) : toset(["b"])',
    "[local.unknown_string] == [null]",
    'startswith("pre-${local.unknown_string}", "pre-")',
    'length("pre-${local.unknown_string}") > 2',
    '"pre-${local.unknown_string}" == "x"',
  ],
  "there is no negative zero": ["tostring(-0.0)", "tostring(-0)"],
};

testAnswers(new URL("./fixtures/expressions/", import.meta.url), DIFFERENCES);
