import type { ApplyEffect } from "../drift/apply-effect.ts";
import { counted } from "./visible.ts";

/** What follows "Applying this change". */
export const EFFECT_WORDS: Readonly<Record<ApplyEffect, string>> = {
  destroys: "would destroy the resource: the change takes it out of the code",
  replaces: "would replace the resource: Terraform destroys it and makes a new one from the code",
  refuses:
    "would have to destroy or replace the resource, and its prevent_destroy forbids that: Terraform stops and applies nothing",
  conflicts: "would set a third value: neither what the state recorded nor what runs now",
  partly: "would neither undo nor keep it: the change itself says some of it, or the same in another form",
  reverts: "would revert it: the cloud goes back to what the code says",
  recreates: "would create it again, as a new resource",
  unknown: "may change it: what the code says there is not known before",
  unset: "may leave it or set the provider's default: the code does not set it",
  leaves: "would leave it as it is: the code does not decide it, and Terraform keeps what runs",
  contains: "changes nothing there: the code already contains it",
};

/** Of how many drifts what becomes of them, as a sentence. */
export const COUNT_WORDS: Readonly<Record<ApplyEffect, (n: number) => string>> = {
  destroys: (n) =>
    `${counted(n, "drift")} would go with ${n === 1 ? "its resource" : "their resources"}: destroyed.`,
  replaces: (n) =>
    `${counted(n, "drift")} would go with ${n === 1 ? "its resource" : "their resources"}: replaced.`,
  refuses: (n) =>
    `${counted(n, "drifted resource")} would have to be destroyed or replaced, which prevent_destroy forbids: Terraform refuses to apply this change.`,
  conflicts: (n) => `${counted(n, "drift")} would be overwritten with a third value.`,
  partly: (n) =>
    `${counted(n, "drift")} would be neither undone nor kept: the change itself says some of ${n === 1 ? "it" : "them"}, or the same in another form.`,
  reverts: (n) => `${counted(n, "drift")} would be reverted by applying this change.`,
  recreates: (n) => `${counted(n, "deleted resource")} would be created again.`,
  unknown: (n) =>
    `Of ${counted(n, "drift")} it is not known before an apply what becomes of ${n === 1 ? "it" : "them"}.`,
  unset: (n) =>
    `${counted(n, "drift")} may stay or go back to a default: the code does not set ${n === 1 ? "it" : "them"}.`,
  leaves: (n) => `${counted(n, "drift")} would stay: the code does not decide ${n === 1 ? "it" : "them"}.`,
  contains: (n) => `${counted(n, "drift")} ${n === 1 ? "is" : "are"} already contained in this change.`,
};
