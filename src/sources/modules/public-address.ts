import ipaddr from "ipaddr.js";

/** What is assigned of IPv6 (https://www.iana.org/assignments/ipv6-address-space); `::/96` looks public and is not. */
const ASSIGNED = ipaddr.IPv6.parseCIDR("2000::/3");
/** Where a gateway leads to the IPv4 address in the last bytes (RFC 6052). That of a network's own may have it elsewhere. */
const TRANSLATED = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** Decides which addresses may be connected to: public ones, and those in networks that the operator names. */
export class ReachableNetworks {
  readonly #networks: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

  /** @param networks in CIDR notation; others are passed over, since whoever reads the setting checks it */
  constructor(networks: readonly string[] = []) {
    this.#networks = networks
      .filter((network) => ipaddr.isValidCIDR(network))
      .map((network) => ipaddr.parseCIDR(network));
  }

  /** Whether an address, as a resolver gives it, may be connected to. */
  allows(address: string): boolean {
    if (!ipaddr.isValid(address) || address.includes("%")) return false;
    // ::ffff:10.0.0.1 is 10.0.0.1.
    const parsed = unwrapped(ipaddr.process(inGroups(address)));
    if (isPublic(parsed)) return true;
    return this.#networks.some(([network, bits]) => isIn(parsed, network, bits));
  }
}

/** `::10.0.0.1` as `::a00:1`: the parser takes the former for `::ffff:10.0.0.1`, and they are not the same. */
function inGroups(address: string): string {
  if (!address.includes(":")) return address;
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, (dotted) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(dotted).octets;
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 || address.match(ASSIGNED);
}

/** An address that a gateway turns into one of IPv4 leads where that does. */
function unwrapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4 || !address.match(TRANSLATED)) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(-4));
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, network: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}
