import type { EC2Client } from "@aws-sdk/client-ec2";
import { type Failure, failureOf } from "./failure.ts";

/** One region of the account, and what became of the calls to it. */
export interface RegionApi {
  readonly region: string;
  readonly client: EC2Client;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** The region did not answer at all: what else was to be read there stays unread. */
export class RegionUnreachable extends Error {
  override readonly name = "RegionUnreachable";
}

/** What a filter may hold at most (EC2 API reference, "Filtering"). */
const VALUES_A_FILTER = 200;
const PAGE = 500;
/** Calls at a time for what EC2 only tells resource by resource: far below the account's budget of 20 a second. */
const AT_ONCE = 4;

/**
 * Makes one call and turns its failure into a value.
 * @throws RegionUnreachable where nothing answers, CloudUnreachable where the credentials do not work.
 */
export async function attempt<T>(
  api: RegionApi,
  action: string,
  call: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    const failure = failureOf(error, action, api.region);
    if (failure.kind === "unreachable") throw new RegionUnreachable(failure.reason, { cause: error });
    return { ok: false, failure };
  }
}

/** A filter of a Describe call. */
export interface Filter {
  readonly Name: string;
  readonly Values: string[];
}

/** The settings every paginator of the SDK takes. */
export interface Paging {
  readonly client: EC2Client;
  readonly pageSize: number;
}

/**
 * Everything that has one of `values` under `filter`, all pages of it, batch by batch. Filters, not id parameters:
 * an id that is gone is left out of the answer instead of failing the whole call.
 */
export async function describeAll<Page, Item>(
  api: RegionApi,
  action: string,
  filter: string,
  values: Iterable<string>,
  pages: (paging: Paging, input: { Filters: Filter[] }) => AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Outcome<readonly Item[]>> {
  return await attempt(api, action, async () => {
    const items: Item[] = [];
    for (const batch of batches([...new Set(values)], VALUES_A_FILTER)) {
      const input = { Filters: [{ Name: filter, Values: [...batch] }] };
      for await (const page of pages({ client: api.client, pageSize: PAGE }, input)) {
        const listed = itemsOf(page);
        // EC2 writes the list also where it is empty: without it this is not EC2's answer, and proves nothing.
        if (listed === undefined) throw new Error("an answer without the list that was asked for");
        items.push(...listed);
      }
    }
    return items;
  });
}

export function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Runs `work` for each item, a few at a time; results in the order of the items. Stops at the first rejection. */
export async function eachPolitely<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const batch of batches(items, AT_ONCE)) results.push(...(await Promise.all(batch.map(work))));
  return results;
}
