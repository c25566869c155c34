/** The numbers that EC2 and the provider write as names (IANA protocol numbers). */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["all", "-1"],
  ["6", "tcp"],
  ["17", "udp"],
  ["1", "icmp"],
  ["58", "icmpv6"],
]);

/** An IP protocol as the provider records it: `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else its number. */
export function protocolName(written: string): string {
  const lower = written.toLowerCase();
  return NAMES.get(lower) ?? lower;
}
