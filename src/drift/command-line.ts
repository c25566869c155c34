import type { Command } from "./model.ts";

/** What a POSIX shell takes as it stands, whatever its place in the line. */
const PLAIN = /^[A-Za-z0-9_/.,:@%+-][A-Za-z0-9_/.,:@%+=-]*$/;

/**
 * A command as a line for a POSIX shell, so that a person can read and paste it: every argument arrives as it is,
 * whatever it holds. (POSIX, Shell Command Language, 2.2.2: nothing is special inside of single quotes but the quote
 * itself.) A NUL, which no argument can hold, is shown as U+FFFD.
 */
export function commandLine({ tool, argv }: Command): string {
  return [tool, ...argv].map(quoted).join(" ");
}

function quoted(argument: string): string {
  if (PLAIN.test(argument)) return argument;
  return `'${argument.replaceAll("\0", "\ufffd").replaceAll("'", "'\\''")}'`;
}
