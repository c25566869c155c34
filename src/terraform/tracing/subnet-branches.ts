import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import type { Call, Expression } from "../../hcl/syntax/syntax.ts";
import { NUMBER, STRING } from "../../hcl/values/type.ts";
import type { Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type Branch, carry, convertedOrNull } from "./branch.ts";

/** A block of IPv4 addresses; `base` is its first address as a number. */
interface Prefix {
  readonly base: number;
  readonly length: number;
}

/** The ways on from `cidrsubnet` and `cidrhost` of IPv4; null for other functions. */
export function subnetBranches(node: Call, context: EvaluationContext, path: Path): Branch[] | null {
  if (path.length > 0) return null;
  if (node.name === "cidrsubnet") return branchesOfSubnet(node, context);
  return node.name === "cidrhost" ? branchesOfHost(node, context) : null;
}

/** The number first, since that is what tells subnets of one prefix from each other. */
function branchesOfSubnet({ arguments: all }: Call, context: EvaluationContext): Branch[] {
  const [within, bits, number] = all;
  if (within === undefined || bits === undefined || number === undefined) return [];
  const [prefix, newBits, place] = [
    prefixOf(within, context),
    countOf(bits, context),
    countOf(number, context),
  ];
  if (prefix === null || newBits === null || place === null) return [];
  const length = prefix.length + newBits;
  const to = (expression: Expression, invert: (wanted: Prefix) => Json) =>
    carry("part", { expression, context, path: [] }, expression, {
      carries: false,
      invert: (wanted) => {
        const subnet = typeof wanted === "string" ? parsePrefix(wanted) : null;
        return subnet && invert(subnet);
      },
    });
  return [
    to(number, (wanted) => {
      const isThere = wanted.length === length && contains(prefix, wanted);
      return isThere ? (wanted.base - prefix.base) / sizeOf(length) : null;
    }),
    to(bits, (wanted) => {
      const isThere = prefix.base + place * sizeOf(wanted.length) === wanted.base;
      return isThere && contains(prefix, wanted) ? wanted.length - prefix.length : null;
    }),
    to(within, (wanted) => {
      const base = wanted.base - place * sizeOf(length);
      return wanted.length === length ? printPrefix({ base, length: prefix.length }) : null;
    }),
  ];
}

function branchesOfHost({ arguments: all }: Call, context: EvaluationContext): Branch[] {
  const [within, number] = all;
  if (within === undefined || number === undefined) return [];
  const [prefix, place] = [prefixOf(within, context), countOf(number, context)];
  if (prefix === null || place === null) return [];
  const size = sizeOf(prefix.length);
  const to = (expression: Expression, invert: (wanted: number) => Json) =>
    carry("part", { expression, context, path: [] }, expression, {
      carries: false,
      invert: (wanted) => {
        const host = typeof wanted === "string" ? parsePrefix(`${wanted}/32`) : null;
        return host && invert(host.base);
      },
    });
  return [
    to(number, (wanted) => {
      const host = wanted - prefix.base;
      if (host < 0 || host >= size) return null;
      // Who counts from the end goes on so.
      return place < 0 ? host - size : host;
    }),
    to(within, (wanted) => {
      const base = wanted - (place < 0 ? size + place : place);
      return printPrefix({ base, length: prefix.length });
    }),
  ];
}

const PREFIX = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;
const BITS = 32;

function parsePrefix(text: string): Prefix | null {
  const numbers = PREFIX.exec(text)?.slice(1).map(Number);
  const length = numbers?.pop();
  if (numbers === undefined || length === undefined || length > BITS) return null;
  if (numbers.some((number) => number > 255)) return null;
  const address = numbers.reduce((value, number) => value * 256 + number, 0);
  return { base: address - (address % sizeOf(length)), length };
}

/** Null where no such prefix begins there. */
function printPrefix({ base, length }: Prefix): string | null {
  if (base < 0 || base >= 2 ** BITS || base % sizeOf(length) !== 0) return null;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${parts.join(".")}/${length}`;
}

function sizeOf(length: number): number {
  return 2 ** (BITS - length);
}

function contains(outer: Prefix, inner: Prefix): boolean {
  const offset = inner.base - outer.base;
  return inner.length >= outer.length && offset >= 0 && offset < sizeOf(outer.length);
}

function prefixOf(node: Expression, context: EvaluationContext): Prefix | null {
  const value = convertedOrNull(node, context, STRING);
  return value?.kind === "string" ? parsePrefix(value.value) : null;
}

function countOf(node: Expression, context: EvaluationContext): number | null {
  const value = convertedOrNull(node, context, NUMBER);
  return value?.kind === "number" && typeof value.value === "number" ? value.value : null;
}
