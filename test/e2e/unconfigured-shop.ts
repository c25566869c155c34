import { shopFiles } from "./shop.ts";

/**
 * The shop as somebody has it who has never heard of Driftwright: no configuration, and production alone, whose state and
 * variables lie where Terraform looks for them.
 */
export async function unconfiguredShop(): Promise<Record<string, string>> {
  const files = new Map(Object.entries(await shopFiles()));
  const take = (path: string): string => {
    const text = files.get(path);
    if (text === undefined) throw new Error(`the example has no ${path}`);
    files.delete(path);
    return text;
  };
  take(".github/driftwright.yml");
  take("staging.tfstate");
  for (const path of [...files.keys()]) {
    if (path.startsWith("environments/") && path !== "environments/prod.tfvars") files.delete(path);
  }
  files.set("terraform.tfstate", take("prod.tfstate"));
  files.set("terraform.tfvars", take("environments/prod.tfvars"));
  files.set("versions.tf", take("versions.tf").replace('backend "s3" {}', 'backend "local" {}'));
  return Object.fromEntries(files);
}
