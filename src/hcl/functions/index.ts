import { CONVERSION_FUNCTIONS } from "./conversion.ts";
import { CSV_FUNCTIONS } from "./csv.ts";
import { DATE_FUNCTIONS } from "./date.ts";
import { ENCODING_FUNCTIONS } from "./encoding.ts";
import { FORMAT_FUNCTIONS } from "./format.ts";
import type { FunctionTable } from "./function.ts";
import { HASH_FUNCTIONS } from "./hash.ts";
import { IMPURE_FUNCTIONS } from "./impure.ts";
import { IP_FUNCTIONS } from "./ip.ts";
import { JSON_FUNCTIONS } from "./json.ts";
import { MAPPING_FUNCTIONS } from "./mapping.ts";
import { NUMBER_FUNCTIONS } from "./number.ts";
import { PATH_NAME_FUNCTIONS } from "./path-name.ts";
import { REGEX_FUNCTIONS } from "./regex.ts";
import { SEARCH_FUNCTIONS } from "./search.ts";
import { SEQUENCE_FUNCTIONS } from "./sequence.ts";
import { SET_FUNCTIONS } from "./set.ts";
import { TEXT_FUNCTIONS } from "./text.ts";
import { YAML_FUNCTIONS } from "./yaml.ts";

/**
 * The functions of Terraform 1.11 that need nothing but their arguments. Those that read files, render templates or
 * catch errors (`file`, `templatefile`, `try`, …) are made where there is what they need.
 */
export const FUNCTIONS: FunctionTable = new Map([
  ...CONVERSION_FUNCTIONS,
  ...CSV_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...FORMAT_FUNCTIONS,
  ...HASH_FUNCTIONS,
  ...IMPURE_FUNCTIONS,
  ...IP_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...MAPPING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...PATH_NAME_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...SEARCH_FUNCTIONS,
  ...SEQUENCE_FUNCTIONS,
  ...SET_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...YAML_FUNCTIONS,
]);
