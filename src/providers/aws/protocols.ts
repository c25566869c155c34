import { normalProtocol, PROTOCOL_NUMBERS } from "../../drift/normal-form.ts";

/** The names that EC2 and the provider write, by number. */
const NAMES = new Map([...PROTOCOL_NUMBERS].map(([name, number]) => [number, name]));

/** An IP protocol as the provider records it: `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else its number. */
export function protocolName(written: string): string {
  const number = normalProtocol(written);
  return number === "-1" ? number : (NAMES.get(number) ?? number);
}
