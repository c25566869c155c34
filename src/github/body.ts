import { errorOf } from "./answers.ts";
import { GitHubError, TooLarge } from "./errors.ts";

/** Makes the library hand over the body of an answer as it comes. */
export const UNPARSED = { parseSuccessResponseBody: false };

export interface BodyOf {
  /** Method and route. */
  readonly request: string;
  /** What it is, for a message. */
  readonly what: string;
  readonly mostBytes: number;
}

/**
 * The body of an answer that was not parsed, in pieces.
 * @throws TooLarge, also in the middle; Unavailable when the connection breaks
 */
export async function* bodyOf(data: unknown, about: BodyOf): AsyncGenerator<Uint8Array> {
  const { request, what, mostBytes } = about;
  if (!(data instanceof ReadableStream)) throw new Error(`${request} gave no stream`);
  let bytes = 0;
  try {
    for await (const piece of data as ReadableStream<Uint8Array>) {
      bytes += piece.byteLength;
      if (bytes > mostBytes) throw new TooLarge(what, request, mostBytes);
      yield piece;
    }
  } catch (reason) {
    if (reason instanceof GitHubError || !(reason instanceof Error)) throw reason;
    const [method = "", route = ""] = request.split(" ");
    throw errorOf(
      { method, route, status: null, headers: {}, message: reason.message, body: null },
      new Date(0),
    );
  }
}

/**
 * The same as one text in UTF-8. A byte order mark stays its first character: whoever writes the text again must not
 * lose it.
 * @throws TooLarge, Unavailable
 */
export async function textOf(data: unknown, about: BodyOf): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bodyOf(data, about)) pieces.push(piece);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(pieces));
}

/** Lets go of a body that nobody reads. */
export async function discard(data: unknown): Promise<void> {
  if (data instanceof ReadableStream) await data.cancel();
}
