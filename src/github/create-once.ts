import { isAmbiguous } from "./errors.ts";

/**
 * Creates what is not there yet. A create is never repeated blindly: after a failure that may have done the work, what
 * it should have made is looked for.
 * @param mayBeThere which failures mean that it may be there all the same
 * @returns it, and whether it was created now
 */
export async function createOnce<T>(
  find: () => Promise<T | null>,
  create: () => Promise<T>,
  mayBeThere: (error: unknown) => boolean = isAmbiguous,
): Promise<{ readonly there: T; readonly created: boolean }> {
  const before = await find();
  if (before !== null) return { there: before, created: false };
  try {
    return { there: await create(), created: true };
  } catch (error) {
    const made = mayBeThere(error) ? await find() : null;
    if (made === null) throw error;
    return { there: made, created: isAmbiguous(error) };
  }
}
