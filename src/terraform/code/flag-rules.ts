import type { Block, Body } from "../../hcl/syntax/syntax.ts";
import { BOOL, STRING } from "../../hcl/values/type.ts";
import { attributeOf } from "./body-index.ts";
import { constantValue, isWrong } from "./constant-value.ts";
import type { Wrong } from "./wrong.ts";

const FLAGS = ["sensitive", "nullable", "ephemeral"];

/** Flags and descriptions that are none, and a variable that cannot have its own default. */
export function wrongFlags({ type, body }: Block): Wrong[] {
  if (type !== "variable" && type !== "output") return [];
  const wrong = FLAGS.flatMap((name) => wrongFlag({ body }, name));
  const description = attributeOf(body, "description")?.value;
  const text = description === undefined ? null : constantValue("description", description, STRING);
  if (text !== null && isWrong(text)) wrong.push(text);
  const isNull = type === "variable" ? nullDefault({ body }) : null;
  return isNull === null ? wrong : [...wrong, isNull];
}

/** A flag with a value that is neither true nor false, or has to be evaluated. */
export function wrongFlag({ body }: Pick<Block, "body">, name: string): Wrong[] {
  const flag = attributeOf(body, name)?.value;
  const value = flag === undefined ? null : constantValue(name, flag, BOOL);
  return value !== null && isWrong(value) ? [value] : [];
}

/** Whether a flag is there and true. */
export function isFlagSet(body: Body, name: string): boolean {
  const flag = attributeOf(body, name)?.value;
  const value = flag === undefined ? null : constantValue(name, flag, BOOL);
  return value !== null && !isWrong(value) && value.kind === "bool" && value.value;
}

function nullDefault({ body }: Pick<Block, "body">): Wrong | null {
  const [fallback, nullable] = [attributeOf(body, "default")?.value, attributeOf(body, "nullable")?.value];
  if (fallback?.kind !== "keyword" || fallback.value !== null || nullable === undefined) return null;
  const value = constantValue("nullable", nullable, BOOL);
  if (isWrong(value) || value.kind !== "bool" || value.value) return null;
  return {
    message: "the default is null, and nullable = false allows no null; leave one of them out",
    range: fallback,
  };
}

/** An output of a root module is written into the state, or printed. */
export function ephemeralOutput({ body }: Block): Wrong[] {
  const flag = attributeOf(body, "ephemeral");
  if (flag === null || !isFlagSet(body, "ephemeral")) return [];
  return [
    { message: "an output of the root module cannot be ephemeral; take it out", range: flag.nameRange },
  ];
}
