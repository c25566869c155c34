/** What a change of the code does to instances, in the order in which it is told. */
export const INSTANCE_CHANGES = ["added", "changed", "moved", "removed"] as const;

/** Instances of the code that a change of it adds, changes, moves or removes. */
export interface ChangedInstance {
  readonly what: (typeof INSTANCE_CHANGES)[number];
  /** Without its keys, as in `aws_instance.web[…]`, where they could tell what a state holds. */
  readonly address: string;
  /** How many instances are meant; more than 1 only where the keys are left out. */
  readonly count: number;
}
