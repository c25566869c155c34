/** A request in the query protocol: its action, its parameters, the region it was signed for, and with which key. */
export interface AwsRequest {
  readonly action: string;
  readonly region: string;
  readonly accessKey: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads the form-encoded body; key and region stand in the credential scope of the signature. */
export function readRequest(body: string, authorization: string | undefined): AwsRequest {
  const parameters = new Map(new URLSearchParams(body));
  const [, accessKey = "", region = ""] =
    /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(authorization ?? "") ?? [];
  return { action: parameters.get("Action") ?? "", region, accessKey, parameters };
}

/** `Name.1`, `Name.2`, … in order. */
export function listParameter(request: AwsRequest, name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = request.parameters.get(`${name}.${index}`);
    if (value === undefined) return values;
    values.push(value);
  }
}

/** `Filter.1.Name` with `Filter.1.Value.1`, …: values by filter name. */
export function filtersOf(request: AwsRequest): ReadonlyMap<string, ReadonlySet<string>> {
  const filters = new Map<string, ReadonlySet<string>>();
  for (let index = 1; ; index += 1) {
    const name = request.parameters.get(`Filter.${index}.Name`);
    if (name === undefined) return filters;
    filters.set(name, new Set(listParameter(request, `Filter.${index}.Value`)));
  }
}
