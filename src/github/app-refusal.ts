import { Forbidden, NotFound } from "./errors.ts";

/** Why GitHub does not know the App by its key, and what to do. */
export interface AppRefusal {
  /** The environment variable to look at first. */
  readonly variable: "APP_ID" | "PRIVATE_KEY";
  readonly message: string;
  readonly next: string;
}

/**
 * What an error of a request of the App itself says about its credentials; null where it says nothing about them.
 * https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app
 */
export function appRefusal(error: unknown, appId: number): AppRefusal | null {
  if (error instanceof NotFound) {
    return {
      variable: "APP_ID",
      message: `this GitHub has no App ${appId}`,
      next: "Correct APP_ID: the number is at the top of the App's settings page, and belongs to the GitHub that GHE_HOST names",
    };
  }
  // What stands between may refuse as well, with other numbers.
  if (!(error instanceof Forbidden) || error.status !== 401) return null;
  return {
    variable: "PRIVATE_KEY",
    message: `GitHub does not take the private key for one of the App ${appId} (401)`,
    next: "Correct APP_ID, or generate a new private key on that App's settings page and set PRIVATE_KEY or PRIVATE_KEY_PATH; see that this machine's clock is right",
  };
}
