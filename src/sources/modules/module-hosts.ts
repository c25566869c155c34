import { quoted, Unobtainable } from "./unobtainable.ts";

interface Entry {
  readonly scheme: "https:" | "http:";
  /** With a leading dot: all names below it. */
  readonly name: string;
  /** Empty for the scheme's own. */
  readonly port: string;
}

/** Hosts that modules are fetched from: nothing else is ever asked. */
export class ModuleHosts {
  readonly #entries: readonly Entry[];
  readonly #setting: string;

  /**
   * @param hosts `example.com`, `*.example.com`, `example.com:8443`; `http://…` for one without TLS
   * @param setting where the list is set, for messages
   */
  constructor(hosts: readonly string[], setting = "MODULE_HOSTS") {
    this.#entries = hosts.map(entryOf);
    this.#setting = setting;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /**
   * The address as it is to be asked: with the scheme that its host is listed with.
   * @throws Unobtainable
   */
  admit(url: URL): URL {
    if (url.username !== "" || url.password !== "") {
      throw new Unobtainable("its address holds a name or a password, which is not used");
    }
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      throw new Unobtainable(`its address has the scheme ${quoted(url.protocol)}, and https is needed`);
    }
    const entry = this.#entries.find((one) => isMeant(one, url));
    if (entry === undefined) {
      throw new Unobtainable(
        this.isEmpty
          ? `modules are not fetched here: ${this.#setting} names no host`
          : `${quoted(url.host)} is none of the hosts that modules are fetched from; whoever runs Driftwright can add it to ${this.#setting}`,
      );
    }
    const admitted = new URL(url);
    // An http address of a host with TLS is asked over https, as its server would tell us to anyway.
    if (admitted.protocol !== entry.scheme) admitted.protocol = entry.scheme;
    return admitted;
  }
}

function entryOf(text: string): Entry {
  const [, scheme = "https:", name = "", port = ""] =
    /^(?:(https?:)\/\/)?([^/:]*|\[[^\]]*\])(?::(\d+))?$/.exec(text) ?? [];
  const usual = scheme === "https:" ? "443" : "80";
  return {
    scheme: scheme === "http:" ? "http:" : "https:",
    name: name.toLowerCase().replace(/^\*(?=\.)/, ""),
    port: port === usual ? "" : port,
  };
}

function isMeant({ name, port }: Entry, { hostname, port: asked }: URL): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  return (
    asked === port && (name.startsWith(".") ? host.endsWith(name) && host !== name.slice(1) : host === name)
  );
}
