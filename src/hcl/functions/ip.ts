import ipaddr from "ipaddr.js";
import { listOf, STRING } from "../values/type.ts";
import { listValue, type Value } from "../values/value.ts";
import { bigIntegerAt, integerAt, numberParameter, textAt, textParameter, textResult } from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

/** A block of addresses. `base` is its first address as a number of `bits` bits. */
interface Prefix {
  readonly base: bigint;
  readonly length: number;
  readonly bits: 32 | 128;
}

const cidrhost: FunctionDefinition = {
  parameters: [textParameter("prefix"), numberParameter("hostnum")],
  returns: STRING,
  call(args) {
    const prefix = prefixAt(args, 0);
    const number = bigIntegerAt(args, 1, 256);
    const size = 1n << BigInt(prefix.bits - prefix.length);
    const host = number < 0n ? size + number : number;
    if (host < 0n || host >= size) {
      throw new FunctionError(`${printPrefix(prefix)} has only ${size} addresses`, 1);
    }
    // Terraform counts so in IPv6 prefixes of addresses that are written as IPv4.
    const at = isIpv4Mapped(prefix.base, prefix.bits) ? 96n : 0n;
    return textResult(printAddress(prefix.base | (host << at), prefix.bits));
  },
};

const cidrnetmask: FunctionDefinition = {
  parameters: [textParameter("prefix")],
  returns: STRING,
  call(args) {
    const { base, length, bits } = prefixAt(args, 0);
    if (bits === 128 && !isIpv4Mapped(base, bits))
      throw new FunctionError("IPv6 has no netmasks; give an IPv4 prefix", 0);
    return textResult(printAddress(((1n << BigInt(length)) - 1n) << BigInt(bits - length), bits));
  },
};

const cidrsubnet: FunctionDefinition = {
  parameters: [textParameter("prefix"), numberParameter("newbits"), numberParameter("netnum")],
  returns: STRING,
  call(args) {
    const prefix = prefixAt(args, 0);
    const newBits = integerAt(args, 1);
    const number = bigIntegerAt(args, 2, 256);
    const length = prefix.length + newBits;
    if (length > prefix.bits || length < 0) {
      throw new FunctionError(
        `${printPrefix(prefix)} has room for at most ${prefix.bits - prefix.length} more bits`,
        1,
      );
    }
    // Negative numbers and bits are of no use, and Terraform takes them: the bits of both numbers are joined, and the
    // sign is left out.
    const joined = prefix.base | (number << BigInt(prefix.bits - length));
    const base = joined < 0n ? -joined : joined;
    const isRoom = newBits < 0 || (number < 0n ? -number : number) < 1n << BigInt(newBits);
    if (!isRoom || base >= 1n << BigInt(prefix.bits)) {
      throw new FunctionError(`${newBits} more bits have no subnet with this number`, 2);
    }
    return textResult(printPrefix({ ...prefix, length, base }));
  },
};

/** Subnets one after another, each as far to the front as its size allows. */
const cidrsubnets: FunctionDefinition = {
  parameters: [textParameter("prefix")],
  variadic: numberParameter("newbits"),
  returns: listOf(STRING),
  call(args, budget) {
    const prefix = prefixAt(args, 0);
    const end = prefix.base + (1n << BigInt(prefix.bits - prefix.length));
    budget.elements(args.length);
    if (isIpv4Mapped(prefix.base, prefix.bits) && args.length > 1) {
      throw new FunctionError("has no subnets after one another; write it as IPv4", 0);
    }
    if (prefix.base === 0n && args.length > 1) {
      throw new FunctionError("cannot begin with the very first address; use cidrsubnet() instead", 0);
    }
    let next = prefix.base;
    const subnets = args.slice(1).map((_, index) => {
      const newBits = integerAt(args, index + 1);
      const length = prefix.length + newBits;
      if (newBits < 1 || newBits > 32) throw new FunctionError("must be between 1 and 32", index + 1);
      if (length > prefix.bits) throw new FunctionError("is longer than an address", index + 1);
      const size = 1n << BigInt(prefix.bits - length);
      const base = ((next + size - 1n) / size) * size;
      if (base + size > end) throw new FunctionError(`no room is left in ${printPrefix(prefix)}`, index + 1);
      next = base + size;
      return textResult(printPrefix({ ...prefix, length, base }));
    });
    return listValue(STRING, subnets);
  },
};

const LENGTH = /^\d{1,3}$/;

function prefixAt(args: readonly Value[], index: number): Prefix {
  const [address = "", length = "", ...rest] = textAt(args, index).split("/");
  const parsed = rest.length === 0 && LENGTH.test(length) ? parseAddress(address) : null;
  if (parsed === null || Number(length) > parsed.bits) {
    throw new FunctionError('is no address prefix; write one like "10.0.0.0/16" or "2001:db8::/32"', index);
  }
  const { value, bits } = parsed;
  const hostBits = BigInt(bits - Number(length));
  return { base: (value >> hostBits) << hostBits, length: Number(length), bits };
}

/** Decimal parts may have leading zeros, as Terraform has it for the sake of older modules. */
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** The library takes `::10.0.0.1` for `::ffff:10.0.0.1`. */
const IPV4_ENDING = /(?<=:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/;

function inHexadecimal(parts: readonly number[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  return parts.some((part) => part > 255)
    ? "no address"
    : [a * 256 + b, c * 256 + d].map((two) => two.toString(16)).join(":");
}

function parseAddress(text: string): { value: bigint; bits: 32 | 128 } | null {
  if (IPV4.test(text)) {
    const parts = text.split(".").map(Number);
    return parts.some((part) => part > 255) ? null : { value: joined(parts, 8n), bits: 32 };
  }
  const hexadecimal = text.replace(IPV4_ENDING, (...parts) => inHexadecimal(parts.slice(1, 5).map(Number)));
  if (text.includes("%") || !ipaddr.IPv6.isValid(hexadecimal)) return null;
  return { value: joined(ipaddr.IPv6.parse(hexadecimal).parts, 16n), bits: 128 };
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n);
}

function printPrefix({ base, length, bits }: Prefix): string {
  const written = length >= 96 && isIpv4Mapped(base, bits) ? length - 96 : length;
  return `${printAddress(base, bits)}/${written}`;
}

/** An IPv4 address in IPv6, `::ffff:10.0.0.0`, is written as IPv4. */
function isIpv4Mapped(base: bigint, bits: 32 | 128): boolean {
  return bits === 128 && base >> 32n === 0xffffn;
}

function printAddress(value: bigint, bits: 32 | 128): string {
  if (isIpv4Mapped(value, bits)) return printAddress(value & 0xffffffffn, 32);
  const width = bits === 32 ? 8n : 16n;
  const count = Number(BigInt(bits) / width);
  const parts = Array.from({ length: count }, (_, index) =>
    Number((value >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n)),
  );
  return bits === 32 ? parts.join(".") : new ipaddr.IPv6(parts).toRFC5952String();
}

/** Functions of IP addresses and prefixes. */
export const IP_FUNCTIONS: FunctionTable = new Map(
  Object.entries({ cidrhost, cidrnetmask, cidrsubnet, cidrsubnets }),
);
