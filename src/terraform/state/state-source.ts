/** A state's text, and what is known about it apart from the text. */
export interface StateText {
  readonly text: string;
  /** When the state was last written, ISO 8601; null where the place does not tell. */
  readonly writtenAt: string | null;
  /** Someone is changing the state right now: Terraform holds its lock. */
  readonly locked: boolean;
}

/** The port to one place that keeps a state. */
export interface StateSource {
  /** The place, for messages: `terraform.tfstate`, `s3://bucket/key`. Names `parseState`'s `file` too. */
  readonly describe: string;
  /**
   * Reads what is there now; a second call reads again.
   * @throws StateError that names the place, the reason and what to do.
   */
  read(): Promise<StateText>;
}
