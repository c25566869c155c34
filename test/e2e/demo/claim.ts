/** Something that must have come out of the demo, and whether it did. */
export interface Claim {
  readonly text: string;
  readonly holds: boolean;
}
