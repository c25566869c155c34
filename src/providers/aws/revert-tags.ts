import type { Change, ResourceIdentity } from "../../drift/model.ts";
import { isJsonObject, type JsonObject } from "../../json/json.ts";
import { type CliStep, ec2, json, word } from "./revert-subject.ts";

/** Sets changed tags back and removes added ones. */
export function tagSteps(resource: ResourceIdentity, changes: readonly Change[]): readonly CliStep[] {
  const id = word(resource.id);
  if (id === null) return [];
  const tags = changes.filter((change) => change.path[0] === "tags").flatMap(tagChanges);
  const set = tags.filter((tag) => tag.value !== null).map((tag) => ({ Key: tag.key, Value: tag.value }));
  const removed = tags.filter((tag) => tag.value === null).map((tag) => ({ Key: tag.key }));
  const verify = ec2(
    resource,
    "describe-tags",
    "--filters",
    json([{ Name: "resource-id", Values: [id] }]),
    "--query",
    "Tags[].[Key,Value]",
    "--output",
    "text",
  );
  return [
    ...(set.length === 0
      ? []
      : [
          {
            title: `Set ${named(set)} back`,
            commands: [ec2(resource, "create-tags", "--resources", id, "--tags", json(set))],
            impact: "in-place" as const,
            verify,
          },
        ]),
    ...(removed.length === 0
      ? []
      : [
          {
            title: `Remove ${named(removed)}, which the code does not have`,
            commands: [ec2(resource, "delete-tags", "--resources", id, "--tags", json(removed))],
            impact: "in-place" as const,
            verify,
          },
        ]),
  ];
}

interface TagChange {
  readonly key: string;
  /** Null: to be removed. */
  readonly value: string | null;
}

function tagChanges({ path, desired, observed }: Change): readonly TagChange[] {
  const key = path[1];
  if (typeof key === "string") {
    if (desired === "absent") return [{ key, value: null }];
    return typeof desired === "object" && "known" in desired && typeof desired.known === "string"
      ? [{ key, value: desired.known }]
      : [];
  }
  const wanted = tagsIn(desired);
  const now = tagsIn(observed);
  if (wanted === null || now === null) return [];
  return [
    ...Object.entries(wanted).flatMap(([name, value]) =>
      typeof value === "string" && now[name] !== value ? [{ key: name, value }] : [],
    ),
    ...Object.keys(now).flatMap((name) => (Object.hasOwn(wanted, name) ? [] : [{ key: name, value: null }])),
  ];
}

function tagsIn(reading: Change["desired"]): JsonObject | null {
  if (reading === "absent") return {};
  if (typeof reading === "string" || !("known" in reading)) return null;
  if (reading.known === null) return {};
  return isJsonObject(reading.known) ? reading.known : null;
}

function named(tags: readonly { readonly Key: string }[]): string {
  const names = tags.map((tag) => JSON.stringify(tag.Key)).join(", ");
  return tags.length === 1 ? `the tag ${names}` : `the tags ${names}`;
}
