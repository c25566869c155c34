/** What GitHub answered to a request, by what must happen next. The message names the request and the next step. */
export abstract class GitHubError extends Error {
  /** The HTTP status; null where no answer came. */
  readonly status: number | null;
  /** Method and route, without the values: `POST /repos/{owner}/{repo}/issues`. */
  readonly request: string;

  /** The library's own error is not kept as the cause: it holds addresses and bodies that no log may have. */
  constructor(message: string, request: string, status: number | null) {
    super(message);
    this.name = new.target.name;
    this.request = request;
    this.status = status;
  }
}

/** Too many requests, by GitHub's count or by ours: do the job again at `until`. Nothing was done. */
export class RateLimited extends GitHubError {
  readonly until: Date;

  constructor(message: string, request: string, status: number | null, until: Date) {
    super(message, request, status);
    this.until = until;
  }
}

/** Refused: a permission, a rule of the repository or a suspension. Doing it again does not help until someone acts. */
export class Forbidden extends GitHubError {
  /** Permissions of which one is needed, as GitHub names them (`contents=write`); null where it does not say. */
  readonly permissions: string | null;

  constructor(message: string, request: string, status: number | null, permissions: string | null) {
    super(message, request, status);
    this.permissions = permissions;
  }
}

/** Switched off in this repository (410), such as issues. */
export class Gone extends GitHubError {}

/** Not there, or not visible to the installation. */
export class NotFound extends GitHubError {}

/** Something else is there already, or has moved on: read again, then decide. Nothing was done. */
export class Conflict extends GitHubError {}

/** Something else stands in the place of a file or a branch, and stays until someone takes it away. */
export class Occupied extends Conflict {}

/** A branch that waits in a merge queue: it stays as it is until it leaves that. Nothing was done. */
export class Queued extends GitHubError {}

/** Somebody else has made it. */
export class Taken extends Conflict {
  /** Who, as a login. */
  readonly by: string;

  constructor(message: string, request: string, by: string) {
    super(message, request, null);
    this.by = by;
  }
}

/** GitHub calls the request wrong: a mistake of ours, which repeating does not mend. */
export class Invalid extends GitHubError {}

/** No answer, or a failure inside GitHub. After a write it is not known whether the work was done. */
export class Unavailable extends GitHubError {
  /** True where the request was a write, so that the work may have been done: look before doing it again. */
  readonly ambiguous: boolean;

  constructor(message: string, request: string, status: number | null, ambiguous: boolean) {
    super(message, request, status);
    this.ambiguous = ambiguous;
  }
}

/** Something else answered in GitHub's place: another address than its API, or what stands between. */
export class NotGitHub extends Unavailable {}

/** More than what is taken from one repository. */
export class TooLarge extends GitHubError {
  /** In bytes. */
  readonly limit: number;

  constructor(what: string, request: string, limit: number) {
    super(`${what} has more than ${limit} bytes, and is not read`, request, null);
    this.limit = limit;
  }
}

/** Whether the work may have been done although an error came back. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof Unavailable && error.ambiguous;
}
