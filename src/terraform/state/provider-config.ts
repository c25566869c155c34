/** Which provider configuration a resource belongs to, as the state writes it. */
export interface ProviderConfig {
  /** As written: `provider["registry.terraform.io/hashicorp/aws"].west`. */
  readonly text: string;
  /** `registry.terraform.io/hashicorp/aws`; null in states written before Terraform 0.13. */
  readonly source: string | null;
  /** `aws`; null where the text could not be read. */
  readonly name: string | null;
  readonly alias: string | null;
  /** OpenTofu: the key of a configuration with `for_each`. */
  readonly key: string | null;
}

const QUALIFIED = /^(?:module\..*\.)?provider\["([^"]+)"\](?:\.([\w-]+)(?:\["(.*)"\])?)?$/;
const LEGACY = /^(?:module\..*\.)?provider\.([\w-]+)(?:\.([\w-]+))?$/;

/** Reads the `provider` of a state's resource. What cannot be read keeps its text and is null otherwise. */
export function readProviderConfig(text: string): ProviderConfig {
  const qualified = QUALIFIED.exec(text);
  if (qualified !== null) {
    const [, source = "", alias = null, key = null] = qualified;
    return { text, source, name: source.slice(source.lastIndexOf("/") + 1), alias, key };
  }
  const legacy = LEGACY.exec(text);
  return { text, source: null, name: legacy?.[1] ?? null, alias: legacy?.[2] ?? null, key: null };
}
