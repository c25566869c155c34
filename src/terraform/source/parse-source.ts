import { parseJsonAttributes, parseJsonBody } from "../../hcl/syntax/json-body.ts";
import { parse } from "../../hcl/syntax/parser.ts";
import type { SourceFile } from "../../hcl/syntax/source.ts";
import type { ParsedFile } from "../../hcl/syntax/syntax.ts";
import { syntaxOf } from "./file-names.ts";
import { CODE } from "./json-schema.ts";

/**
 * Parses a file of Terraform code or of values of variables; its name says in which syntax it is written
 * (https://developer.hashicorp.com/terraform/language/syntax/json). It never throws: an error is a diagnostic.
 */
export function parseSource(file: SourceFile): ParsedFile {
  switch (syntaxOf(file.path)) {
    case "native":
      return parse(file);
    case "json-code":
      return parseJsonBody(file, CODE);
    case "json-variables":
      return parseJsonAttributes(file);
  }
}
