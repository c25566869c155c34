/** The same text for the same instance of the same stack; an effect that names no stack is one of the only stack. */
export function keyOfInstance({
  stack = "",
  address,
}: {
  readonly stack?: string;
  readonly address: string;
}): string {
  return JSON.stringify([stack, address]);
}
