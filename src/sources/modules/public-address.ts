import ipaddr from "ipaddr.js";

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
    const parsed = unwrapped(ipaddr.process(address));
    if (parsed.range() === "unicast") return true;
    return this.#networks.some(([network, bits]) => isIn(parsed, network, bits));
  }
}

/** An address that a gateway turns into one of IPv4 (RFC 6052) leads where that does. */
function unwrapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() !== "ipv6" || address.range() !== "rfc6052") return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(-4));
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, network: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}
