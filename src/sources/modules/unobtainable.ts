/** A module that cannot be had. The message is a clause that says why, and what to do about it. */
export class Unobtainable extends Error {
  override readonly name = "Unobtainable";
}

/** What a host answered instead of what it was asked for. */
export class BadAnswer extends Unobtainable {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A text of somebody else inside of a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
