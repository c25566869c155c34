import { isJsonObject, type Json, type JsonObject, parseJson } from "../../json/json.ts";

/**
 * What a YAML or JSON file declares, where it is infrastructure; null otherwise. YAML is told by its lines, since
 * CloudFormation's tags and Helm's placeholders are no plain YAML.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function documentKind(text: string): "cloudformation" | "kubernetes" | null {
  if (text.trimStart().startsWith("{")) return objectKind(text);
  if (/^["']?AWSTemplateFormatVersion["']?[ \t]*:/m.test(text)) return "cloudformation";
  if (
    /^["']?Resources["']?[ \t]*:/m.test(text) &&
    /^[ \t]+["']?Type["']?[ \t]*:[ \t]*["']?AWS::\w/m.test(text)
  ) {
    return "cloudformation";
  }
  const version = /^["']?apiVersion["']?[ \t]*:[ \t]*["']?([\w./-]+)/m.exec(text)?.[1];
  const kind = /^["']?kind["']?[ \t]*:[ \t]*["']?([A-Z]\w*)/m.exec(text)?.[1];
  return isKubernetes(version, kind) ? "kubernetes" : null;
}

function objectKind(text: string): "cloudformation" | "kubernetes" | null {
  const document = readObject(text);
  if (document === null) return null;
  if (Object.hasOwn(document, "AWSTemplateFormatVersion")) return "cloudformation";
  const resources = document["Resources"];
  if (isJsonObject(resources) && Object.values(resources).some(isAwsResource)) return "cloudformation";
  return isKubernetes(document["apiVersion"], document["kind"]) ? "kubernetes" : null;
}

function readObject(text: string): JsonObject | null {
  try {
    const document = parseJson(text);
    return isJsonObject(document) ? document : null;
  } catch {
    return null;
  }
}

function isAwsResource(resource: Json): boolean {
  const type = isJsonObject(resource) ? resource["Type"] : null;
  return typeof type === "string" && type.startsWith("AWS::");
}

/** Backstage's catalogue files have the same two fields. */
function isKubernetes(version: Json | undefined, kind: Json | undefined): boolean {
  return typeof version === "string" && typeof kind === "string" && !version.startsWith("backstage.io/");
}
