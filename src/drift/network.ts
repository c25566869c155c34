import ipaddr from "ipaddr.js";

/** A range of addresses: the bits of its first address, host part cleared. */
export interface Network {
  readonly family: "ipv4" | "ipv6";
  readonly first: bigint;
  readonly prefix: number;
}

const WIDTH = { ipv4: 32, ipv6: 128 } as const;

/**
 * Reads an address or a range in CIDR form; a bare address is a range of one. Null where the text is neither.
 * Numbers with leading zeros are refused, since some readers take them for octal.
 */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf("/");
  const address = slash === -1 ? text : text.slice(0, slash);
  const family = familyOf(address);
  if (family === null) return null;
  const width = WIDTH[family];
  const prefix = slash === -1 ? width : prefixLength(text.slice(slash + 1), width);
  if (prefix === null) return null;
  const host = BigInt(width - prefix);
  return { family, first: (bitsOf(address) >> host) << host, prefix };
}

function familyOf(address: string): Network["family"] | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return "ipv4";
  return address.includes(":") && !address.includes("%") && ipaddr.IPv6.isValid(address) ? "ipv6" : null;
}

function prefixLength(text: string, width: number): number | null {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(text)) return null;
  const length = Number(text);
  return length <= width ? length : null;
}

function bitsOf(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

/** The same text for every way to write the same range; the text itself where it is no range. */
export function normalNetwork(text: string): string {
  const network = parseNetwork(text.trim());
  return network === null ? text : `${network.family}:${network.first.toString(16)}/${network.prefix}`;
}

/** Every address of `inner` is in `outer`. */
export function coversNetwork(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const host = BigInt(WIDTH[outer.family] - outer.prefix);
  return outer.first >> host === inner.first >> host;
}

/** Wider than what any single owner on the internet holds (the largest blocks handed out are an IPv4 /8). */
const OWNED = { ipv4: 8, ipv6: 16 } as const;
const UNIQUE_LOCAL: Network = { family: "ipv6", first: 0xfcn << 120n, prefix: 7 };

/**
 * The range is everybody, or so large a part of the internet that it is as good as everybody: `0.0.0.0/0` and `::/0`,
 * also cut into halves (`0.0.0.0/1` with `128.0.0.0/1`).
 */
export function isPublic(network: Network): boolean {
  return network.prefix < OWNED[network.family] && !coversNetwork(UNIQUE_LOCAL, network);
}
