import { decimalOf, isJsonArray, isNumber, type Json, type JsonObject } from "../json/json.ts";
import { coversNetwork, isPublic, type Network, parseNetwork } from "./network.ts";
import { normalForm, normalProtocol } from "./normal-form.ts";
import type { AccessRole, AttributeRule } from "./rules.ts";
import { valueAt } from "./view.ts";

/** One source let through one protocol and range of ports. */
export interface FirewallRule {
  /** By number, `-1` for all. */
  readonly protocol: string;
  /** Null for all. Of ICMP: the type and the code, -1 for all codes of the type. */
  readonly ports: Ports | null;
  readonly source: Source;
}

interface Ports {
  readonly from: number;
  readonly to: number;
}

type Source =
  | { readonly network: Network; readonly text: string }
  /** A security group, a prefix list, `self`, or a text that is no range. */
  | { readonly name: string };

/** How what is observed differs from what is wanted. */
export interface AccessChange {
  /** Observed, and not within any wanted rule. */
  readonly opened: readonly FirewallRule[];
  /** Wanted, and not within any observed rule. */
  readonly closed: readonly FirewallRule[];
}

const ALL = "-1";
const PORTED = new Set(["6", "17"]);
/** ICMP and ICMPv6: `from_port` is the type and `to_port` the code, -1 for all (EC2 API Reference, IpPermission). */
const TYPED = new Set(["1", "58"]);
const ALL_CODES = -1;

/**
 * The rules that a block, or a resource that is itself a rule, stands for: one for each source.
 * @param attributes the rules of its attributes, with the part (`access`) that each plays.
 */
export function firewallRules(
  block: JsonObject,
  attributes: Readonly<Record<string, AttributeRule>>,
): readonly FirewallRule[] {
  const parts = Object.entries(attributes).flatMap(([name, rule]) => {
    const value = valueAt(block, name);
    return rule.access === undefined || value === undefined ? [] : [{ role: rule.access, rule, value }];
  });
  const first = (role: AccessRole) => parts.find((part) => part.role === role);
  const protocol = protocolOf(first("protocol")?.value);
  const ports =
    protocol === ALL ? null : portsOf(protocol, first("from-port")?.value, first("to-port")?.value);
  return parts
    .flatMap(({ role, rule, value }) => sourcesOf(role, rule, value))
    .map((source) => ({ protocol, ports, source }));
}

function protocolOf(value: Json | undefined): string {
  if (value === undefined) return ALL;
  return normalProtocol(
    typeof value === "string" ? value : isNumber(value) ? decimalOf(value).toFixed() : ALL,
  );
}

function portsOf(protocol: string, from: Json | undefined, to: Json | undefined): FirewallRule["ports"] {
  const first = numberOf(from);
  const last = numberOf(to) ?? first;
  if (first === null || last === null || first === -1) return null;
  return PORTED.has(protocol) || TYPED.has(protocol) || last !== -1
    ? { from: first, to: last }
    : { from: first, to: Number.POSITIVE_INFINITY };
}

function numberOf(value: Json | undefined): number | null {
  if (value === undefined) return null;
  const normal = normalForm(value, { kind: "number" });
  return isNumber(normal) ? decimalOf(normal).toNumber() : null;
}

function sourcesOf(role: AccessRole, rule: AttributeRule, value: Json): readonly Source[] {
  if (role === "self") return normalForm(value, { kind: "bool" }) === true ? [{ name: "self" }] : [];
  if (role !== "networks" && role !== "groups") return [];
  const texts = (isJsonArray(value) ? value : [value]).filter(
    (item) => typeof item === "string" && item !== "",
  );
  return texts.map((text): Source => {
    const network = role === "networks" ? parseNetwork(String(text)) : null;
    if (network !== null) return { network, text: String(text) };
    const sameAs = rule.sameAs ?? rule.element?.sameAs;
    return {
      name: String(normalForm(text, { kind: "string", ...(sameAs === undefined ? {} : { sameAs }) })),
    };
  });
}

/** Compares two sets of rules by what they let through. A rule that only several others cover together counts as new. */
export function accessChange(
  wanted: readonly FirewallRule[],
  observed: readonly FirewallRule[],
): AccessChange {
  return {
    opened: observed.filter((rule) => !wanted.some((other) => includes(other, rule))),
    closed: wanted.filter((rule) => !observed.some((other) => includes(other, rule))),
  };
}

function includes(outer: FirewallRule, inner: FirewallRule): boolean {
  if (outer.protocol !== ALL && outer.protocol !== inner.protocol) return false;
  const arePorts =
    outer.ports === null || (inner.ports !== null && includesPorts(outer.protocol, outer.ports, inner.ports));
  return arePorts && includesSource(outer.source, inner.source);
}

function includesPorts(protocol: string, outer: Ports, inner: Ports): boolean {
  if (!TYPED.has(protocol)) return outer.from <= inner.from && outer.to >= inner.to;
  return outer.from === inner.from && (outer.to === ALL_CODES || outer.to === inner.to);
}

function overlapPorts(protocol: string, a: Ports, b: Ports): boolean {
  if (!TYPED.has(protocol)) return a.from <= b.to && b.from <= a.to;
  return includesPorts(protocol, a, b) || includesPorts(protocol, b, a);
}

function includesSource(outer: Source, inner: Source): boolean {
  if ("network" in outer) return "network" in inner && coversNetwork(outer.network, inner.network);
  return "name" in inner && outer.name === inner.name;
}

/** Some of what one rule lets through the other does, too. */
export function overlap(a: FirewallRule, b: FirewallRule): boolean {
  const isProtocol = a.protocol === ALL || b.protocol === ALL || a.protocol === b.protocol;
  const arePorts = a.ports === null || b.ports === null || overlapPorts(a.protocol, a.ports, b.ports);
  // Two ranges of addresses overlap only where one holds the other.
  return isProtocol && arePorts && (includesSource(a.source, b.source) || includesSource(b.source, a.source));
}

/** The rule lets everybody in, or so large a part of the internet that it is as good as everybody. */
export function isOpenToAll(rule: FirewallRule): boolean {
  return "network" in rule.source && isPublic(rule.source.network);
}

const NAMES = new Map([
  ["6", "TCP"],
  ["17", "UDP"],
  ["1", "ICMP"],
  ["58", "ICMPv6"],
]);

/** `TCP port 22 from 0.0.0.0/0`. */
export function describeRule(rule: FirewallRule, direction: "ingress" | "egress"): string {
  const source = "text" in rule.source ? rule.source.text : rule.source.name;
  return `${describePorts(rule)} ${direction === "ingress" ? "from" : "to"} ${source}`;
}

function describePorts({ protocol, ports }: FirewallRule): string {
  if (protocol === ALL) return "all traffic";
  const name = NAMES.get(protocol) ?? `protocol ${protocol}`;
  if (ports === null || !PORTED.has(protocol)) return name;
  return ports.from === ports.to
    ? `${name} port ${ports.from}`
    : `${name} ports ${ports.from} to ${ports.to}`;
}
