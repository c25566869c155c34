import type { BlockSchema, BodySchema } from "../../hcl/syntax/json-body.ts";
import type { JsonMeaning } from "../../hcl/syntax/json-expression.ts";

// What Terraform's own blocks hold, as far as a file in the JSON syntax is not read without it: which properties are
// blocks, and which texts are no templates
// (https://developer.hashicorp.com/terraform/language/syntax/json#block-type-specific-exceptions).

function body(
  others: JsonMeaning | null,
  meanings: Partial<Record<JsonMeaning, string>> = {},
  blocks: readonly (readonly [string, BlockSchema])[] = [],
): BodySchema {
  const attributes = Object.entries(meanings).flatMap(([meaning, names]) =>
    names.split(" ").map((name) => [name, meaning as JsonMeaning] as const),
  );
  return { attributes: new Map(attributes), blocks: new Map(blocks), others };
}

function block(labels: readonly string[], inner: BodySchema): BlockSchema {
  return { labels, body: inner };
}

const TEMPLATES = body("templates");
const PLAIN = body("plain");
const CHECKED = block([], TEMPLATES);

/** The content of a `dynamic` block may have others in it. */
function dynamicBlock(): BlockSchema {
  const inner = new Map<string, BlockSchema>();
  const content: BodySchema = { attributes: new Map(), blocks: inner, others: "templates" };
  const dynamic = block(
    ["type"],
    body("templates", { references: "iterator" }, [["content", block([], content)]]),
  );
  inner.set("dynamic", dynamic);
  return dynamic;
}

/** The schema of a `dynamic` block, wherever blocks of a provider may stand. */
const DYNAMIC = dynamicBlock();

const CONNECTION = block([], TEMPLATES);

const LIFECYCLE = block(
  [],
  body(
    "templates",
    { references: "ignore_changes replace_triggered_by", flags: "create_before_destroy prevent_destroy" },
    [
      ["precondition", CHECKED],
      ["postcondition", CHECKED],
    ],
  ),
);

const PROVISIONER = block(
  ["type"],
  body("templates", { references: "when on_failure" }, [["connection", CONNECTION]]),
);

const RESOURCE = body("templates", { references: "provider depends_on" }, [
  ["lifecycle", LIFECYCLE],
  ["provisioner", PROVISIONER],
  ["connection", CONNECTION],
  ["dynamic", DYNAMIC],
]);

const FLAGS = "sensitive nullable ephemeral";

const WORKSPACES = ["workspaces", block([], PLAIN)] as const;

/** A file of Terraform code. */
export const CODE: BodySchema = body(null, {}, [
  [
    "terraform",
    block(
      [],
      body("plain", {}, [
        ["backend", block(["type"], body("plain", {}, [WORKSPACES]))],
        ["cloud", block([], body("plain", {}, [WORKSPACES]))],
        ["required_providers", block([], PLAIN)],
        ["provider_meta", block(["provider"], TEMPLATES)],
      ]),
    ),
  ],
  [
    "variable",
    block(["name"], body("plain", { references: "type", flags: FLAGS }, [["validation", CHECKED]])),
  ],
  ["locals", block([], TEMPLATES)],
  [
    "output",
    block(
      ["name"],
      body("plain", { templates: "value", references: "depends_on", flags: FLAGS }, [
        ["precondition", CHECKED],
      ]),
    ),
  ],
  [
    "module",
    block(["name"], body("templates", { plain: "source version", references: "providers depends_on" })),
  ],
  ["provider", block(["name"], body("templates", { plain: "alias version" }, [["dynamic", DYNAMIC]]))],
  ["resource", block(["type", "name"], RESOURCE)],
  ["data", block(["type", "name"], RESOURCE)],
  ["ephemeral", block(["type", "name"], RESOURCE)],
  ["action", block(["type", "name"], RESOURCE)],
  ["moved", block([], body("plain", { references: "from to" }))],
  [
    "removed",
    block(
      [],
      body("plain", { references: "from" }, [
        ["lifecycle", LIFECYCLE],
        ["provisioner", PROVISIONER],
        ["connection", CONNECTION],
      ]),
    ),
  ],
  ["import", block([], body("templates", { references: "to provider" }))],
  [
    "check",
    block(
      ["name"],
      body("templates", {}, [
        ["data", block(["type", "name"], RESOURCE)],
        ["assert", CHECKED],
      ]),
    ),
  ],
]);
