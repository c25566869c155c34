/** A file of Terraform or OpenTofu code, in either syntax (https://developer.hashicorp.com/terraform/language/files). */
export function isCode(name: string): boolean {
  return CODE.test(name) && !name.startsWith(".");
}

/** A file of code that is merged into what the others declare. */
export function isOverride(name: string): boolean {
  return /(?:^|_)override\.(?:tf|tofu)(?:\.json)?$/.test(name) && isCode(name);
}

/** A variable file that is read without being asked for. */
export function isAutomaticVariables(name: string): boolean {
  return (
    name === "terraform.tfvars" || name === "terraform.tfvars.json" || /\.auto\.tfvars(?:\.json)?$/.test(name)
  );
}

/** A file that may be read with the folder it stands in: code and variable files. */
export function isLikelyRead(name: string): boolean {
  return CODE.test(name) || /\.tfvars(?:\.json)?$/.test(name);
}

/** How a file is written: JSON as code, JSON as values of variables, or the native syntax. */
export function syntaxOf(path: string): "native" | "json-code" | "json-variables" {
  if (!path.endsWith(".json")) return "native";
  return CODE.test(path) ? "json-code" : "json-variables";
}

/**
 * The files of code in a folder, as Terraform takes them: those that are merged last stand last. Where a file is there
 * for OpenTofu too, OpenTofu reads that in its place
 * (https://opentofu.org/docs/language/files/#tofu-file-extension).
 */
export function codeFiles(names: readonly string[]): string[] {
  const all = new Set(names);
  const code = names
    .filter(isCode)
    .filter((name) => !/\.tf(?:\.json)?$/.test(name) || !all.has(name.replace(/\.tf(?=\.json$|$)/, ".tofu")));
  return [...code.filter((name) => !isOverride(name)), ...code.filter(isOverride)];
}

const CODE = /\.(?:tf|tofu)(?:\.json)?$/;
