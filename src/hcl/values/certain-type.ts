import { childrenOf, isOpen, type Origin, type Value } from "./value.ts";

/**
 * Whether Terraform gives the value the same type as we do: it was written out, or read from a document. What comes from
 * a state or from functions may be a list where we have a tuple, and a null text where we have a null of any type.
 */
export function hasCertainType(value: Value): boolean {
  switch (value.kind) {
    case "string":
    case "number":
    case "bool":
      return true;
    case "unknown":
      return false;
    default:
      if (isOpen(value) || !isWritten(value.origin)) return false;
      for (const child of childrenOf(value)) if (!hasCertainType(child)) return false;
      return true;
  }
}

function isWritten(origin: Origin): boolean {
  switch (origin.kind) {
    case "conversion":
      return isWritten(origin.from.origin);
    case "expression":
      return WRITTEN.has(origin.at.kind);
    default:
      return origin.kind === "absent" || origin.kind === "document";
  }
}

const WRITTEN: ReadonlySet<string> = new Set(["keyword", "tuple", "object", "for"]);
