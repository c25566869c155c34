import { z } from "zod";
import { printPath } from "../json/path.ts";
import type { Access } from "./access.ts";
import { issueProblems } from "./issues.ts";
import { type Problem, readYaml, type YamlText } from "./yaml-document.ts";

/** In characters. */
const LARGEST_FILE = 1_048_576;
const MOST_PROBLEMS = 50;

const REPOSITORY =
  "an owner and a repository, such as acme/shop or acme/* (the owner without *), or a repository's id";
const ACCOUNT = "the twelve digits of an AWS account, in quotes";
const ROLE = "the ARN of a role, such as arn:aws:iam::123456789012:role/driftwright-read";
const BUCKET = "the name of a bucket";
const KEY = "a key or a pattern, such as shop/*";
const MODULES = "an owner and a repository, such as acme/terraform-* (the owner without *)";
const TABLE = "the name of a DynamoDB table";

const repository = z.union(
  [
    z.string().regex(/^[A-Za-z0-9_-]+\/[A-Za-z0-9._*-]+$/, REPOSITORY),
    z.int(REPOSITORY).positive(REPOSITORY),
  ],
  REPOSITORY,
);
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const role = z.string(ROLE).regex(/^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, ROLE);

const account = z.strictObject({
  account: z.string(ACCOUNT).regex(/^\d{12}$/, ACCOUNT),
  role: role.optional(),
});

const states = z.strictObject({
  bucket: z.string(BUCKET).min(1, BUCKET),
  keys: z
    .array(z.string(KEY).min(1, KEY), "a list of keys or patterns")
    .min(1, "a list of keys or patterns")
    .optional(),
  roles: z.array(role, "a list of roles, each its ARN").optional(),
  lock_table: z.string(TABLE).min(1, TABLE).optional(),
});

const grant = z.strictObject({
  repositories: z.array(repository, "a list of repositories").min(1, "a list of repositories"),
  aws: z.array(account, "a list of accounts").optional(),
  states: z.array(states, "a list of buckets").optional(),
  modules: z
    .array(z.string(MODULES).regex(/^[A-Za-z0-9_-]+\/[A-Za-z0-9._*-]+$/, MODULES), "a list of repositories")
    .optional(),
});

const accessSchema = z.strictObject({
  version: z.literal(1, "1"),
  allow: z.array(grant, "a list of what repositories may use"),
});

/**
 * Reads what the operator lets repositories use. What is wrong is added to `problems`, with its line; nothing is
 * allowed then.
 * @param path of the file; null: nothing is allowed
 * @param readFile gives a file's text, and throws where it cannot be read
 */
export function accessOf(
  path: string | null,
  readFile: (path: string) => string,
  problems: string[],
): Access | null {
  if (path === null) return null;
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    problems.push(`ACCESS_FILE names a file that cannot be read${code}: check the path and its permissions`);
    return null;
  }
  const { access, problems: found } = parseAccess(text, path);
  problems.push(...found.map((problem) => `ACCESS_FILE: ${problem}`));
  return access;
}

/** What the text says, or what is wrong with it: `file:line:column: what`. */
export function parseAccess(
  text: string,
  file: string,
): { readonly access: Access | null; readonly problems: readonly string[] } {
  if (text.length > LARGEST_FILE) {
    return { access: null, problems: [`${file}: the file has more than ${LARGEST_FILE} characters`] };
  }
  const yaml = readYaml(text);
  const { access, problems } = check(yaml);
  const lines = problems
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MOST_PROBLEMS)
    .map(({ message, offset }) => {
      const { line, column } = yaml.position(offset);
      return `${file}:${line}:${column}: ${message}`;
    });
  return { access: problems.length === 0 ? access : null, problems: lines };
}

function check(yaml: YamlText): { access: Access | null; problems: readonly Problem[] } {
  if (yaml.problems.length > 0) return { access: null, problems: yaml.problems };
  const read = accessSchema.safeParse(yaml.value, { reportInput: true });
  if (!read.success) {
    return { access: null, problems: issueProblems(read.error.issues, yaml, accessSchema) };
  }
  const { allow } = read.data;
  const grants = allow.map((one) => ({
    repositories: one.repositories,
    aws: (one.aws ?? []).map((each) => ({ account: each.account, role: each.role ?? null })),
    states: (one.states ?? []).map((each) => ({
      bucket: each.bucket,
      keys: each.keys ?? null,
      roles: each.roles ?? [],
      lockTable: each.lock_table ?? null,
    })),
    ...(one.modules === undefined ? {} : { modules: one.modules }),
  }));
  return { access: { grants }, problems: strangeRoles(allow, yaml) };
}

/** The role that reads an account is one of the account. */
function strangeRoles(allow: z.infer<typeof accessSchema>["allow"], yaml: YamlText): Problem[] {
  return allow.flatMap(({ aws = [] }, index) =>
    aws.flatMap(({ account: of, role: arn }, element): Problem[] => {
      if (arn === undefined || arn.split(":")[4] === of) return [];
      const path = ["allow", index, "aws", element, "role"];
      return [{ message: `${printPath(path)} is no role of the account ${of}`, offset: yaml.offsetOf(path) }];
    }),
  );
}
