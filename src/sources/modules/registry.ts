import { isJsonArray, isJsonObject, type Json, parseJson } from "../../json/json.ts";
import type { Answer, GuardedClient } from "./guarded-client.ts";
import type { RegistryModule } from "./registry-address.ts";
import { BadAnswer, quoted, Unobtainable } from "./unobtainable.ts";

/** Answers of a registry are small; its longest is the list of a module's versions. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Some registries choose by it how they answer. */
const HEADERS = { accept: "application/json", "x-terraform-version": "1.11.4" };

/**
 * A registry of modules, as it is at one host: https://developer.hashicorp.com/terraform/internals/module-registry-protocol
 */
export class Registry {
  readonly #client: GuardedClient;
  readonly #host: string;
  #service: Promise<URL> | null = null;

  constructor(client: GuardedClient, host: string) {
    this.#client = client;
    this.#host = host;
  }

  /**
   * The versions that there are, as they are written.
   * @throws Unobtainable
   */
  async versions(module: RegistryModule, signal: AbortSignal): Promise<readonly string[]> {
    const answer = await this.#ask(`${pathOf(module)}/versions`, signal);
    const found = versionsIn(jsonOf(answer));
    if (found.length === 0) throw new Unobtainable(`the registry ${quoted(this.#host)} has no version of it`);
    return found;
  }

  /**
   * The source address that a version is downloaded from.
   * @throws Unobtainable; a BadAnswer with status 404 where there is no such version
   */
  async location(module: RegistryModule, version: string, signal: AbortSignal): Promise<string> {
    const { headers, url } = await this.#ask(
      `${pathOf(module)}/${encodeURIComponent(version)}/download`,
      signal,
    );
    const location = headers["x-terraform-get"];
    if (typeof location !== "string" || location === "") {
      throw new Unobtainable(
        `the registry ${quoted(this.#host)} does not say where version ${version} of it is`,
      );
    }
    // Others are source addresses, which may be none of the web's.
    if (!/^(?:\/|\.\.?\/)/.test(location)) return location;
    const absolute = URL.parse(location, url.href);
    if (absolute === null)
      throw new Unobtainable(`the registry ${quoted(this.#host)} gives an address that is not well-formed`);
    return absolute.href;
  }

  async #ask(path: string, signal: AbortSignal): Promise<Answer> {
    this.#service ??= this.#discover(signal);
    const service = await this.#service.catch((error: unknown) => {
      // Whoever asks next may have more luck.
      this.#service = null;
      throw error;
    });
    return this.#get(new URL(path, service), signal);
  }

  /** https://developer.hashicorp.com/terraform/internals/remote-service-discovery */
  async #discover(signal: AbortSignal): Promise<URL> {
    const answer = await this.#get(new URL(`https://${this.#host}/.well-known/terraform.json`), signal);
    const services = jsonOf(answer);
    const base = isJsonObject(services) ? services["modules.v1"] : null;
    const service =
      typeof base === "string" ? URL.parse(base.endsWith("/") ? base : `${base}/`, answer.url.href) : null;
    if (service === null) throw new Unobtainable(`${quoted(this.#host)} is no registry of modules`);
    return service;
  }

  async #get(url: URL, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#client.ask(url, { headers: HEADERS, mostBytes: MOST_BYTES, signal });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new BadAnswer(answer.status, whyRefused(answer.status, this.#host));
  }
}

function whyRefused(status: number, host: string): string {
  const registry = `the registry ${quoted(host)}`;
  if (status === 404)
    return `${registry} has no such module, or does not show it without credentials, which are not used`;
  if (status === 401 || status === 403)
    return `${registry} wants credentials, which are not used for modules`;
  return `${registry} answers with the status ${status}; try again later`;
}

function pathOf({ namespace, name, system }: RegistryModule): string {
  return [namespace, name, system].map(encodeURIComponent).join("/");
}

function jsonOf({ body, url }: Answer): Json {
  try {
    return parseJson(body.toString("utf8"));
  } catch {
    throw new Unobtainable(`${quoted(url.host)} answers with something else than JSON`);
  }
}

function versionsIn(answer: Json): string[] {
  const modules = isJsonObject(answer) ? answer["modules"] : null;
  const [module] = isJsonArray(modules) ? modules : [];
  const versions = isJsonObject(module) ? module["versions"] : null;
  return (isJsonArray(versions) ? versions : []).flatMap((each) => {
    const version = isJsonObject(each) ? each["version"] : null;
    return typeof version === "string" ? [version] : [];
  });
}
