import type { AllowedAccount, RepositoryName } from "../config/access.ts";
import { CloudUnreachable, type Inventory } from "../drift/inventory.ts";
import { identifiedOnce } from "../scan/observation.ts";
import { nameOf, whoAllows } from "./acting-for.ts";

/** What an inventory of a repository is made of. */
export interface AllowedInventoryParts {
  readonly repository: RepositoryName;
  readonly accounts: readonly AllowedAccount[];
  readonly covers: Inventory["covers"];
  /** What reads one account, as the operator says. */
  readonly open: (account: AllowedAccount) => Inventory;
}

/**
 * Reads a stack from the account that its state names, where the repository may be compared with it. A state is written
 * by whoever writes the repository, so it chooses among what the operator allows, and decides nothing else.
 */
export function allowedInventory(parts: AllowedInventoryParts): Inventory {
  const { repository, accounts, covers, open } = parts;
  const opened = new Map<string, Inventory>();
  return {
    ...refusing(covers, notAllowed(repository, [])),
    within(named) {
      const allowed = choose(named, accounts);
      if (allowed === null) return refusing(covers, notAllowed(repository, named, accounts.length));
      const inventory =
        opened.get(allowed.account) ?? identifiedOnce(certain(open(allowed), allowed, repository));
      opened.set(allowed.account, inventory);
      return inventory;
    },
  };
}

/** The account with most of the stack that is allowed; where the state names none, the only one. */
function choose(named: readonly string[], accounts: readonly AllowedAccount[]): AllowedAccount | null {
  const [first, ...others] = accounts;
  if (named.length === 0)
    return others.every(({ account }) => account === first?.account) ? (first ?? null) : null;
  return named.flatMap((account) => accounts.find((each) => each.account === account) ?? [])[0] ?? null;
}

function notAllowed(repository: RepositoryName, named: readonly string[], allowed = 0): string {
  const who = nameOf(repository);
  const advice = whoAllows("account under aws");
  if (named.length > 0) {
    // A state may hold anything in the place of an account.
    const shown = named.slice(0, 3).map((account) => account.slice(0, 20));
    const which = `${named.length === 1 ? "account" : "accounts"} ${shown.join(", ")}`;
    return `the stack is in the AWS ${which}, which ${who} may not be compared with. ${advice}`;
  }
  return allowed === 0
    ? `${who} may not be compared with any AWS account. ${advice}`
    : `the state does not say in which AWS account the stack is, and ${who} may be compared with several; give it access to one of them in the file that ACCESS_FILE names`;
}

function refusing(covers: Inventory["covers"], why: string): Inventory {
  const refuse = () => Promise.reject(new CloudUnreachable(why));
  return { cloud: "aws", covers, identity: refuse, read: refuse, unmanaged: refuse };
}

/** The same inventory, whose credentials have to be those of the account. */
function certain(inventory: Inventory, { account }: AllowedAccount, repository: RepositoryName): Inventory {
  return {
    cloud: inventory.cloud,
    covers: (type) => inventory.covers(type),
    async identity() {
      const reached = await inventory.identity();
      if (reached.account === account) return reached;
      throw new CloudUnreachable(
        `${nameOf(repository)} may be compared with the AWS account ${account}, but the credentials of Driftwright ` +
          "reach another one. Whoever runs Driftwright gives a role of the account: role under aws in the file that " +
          "ACCESS_FILE names",
      );
    },
    read: (wanted, progress) => inventory.read(wanted, progress),
    unmanaged: (wanted, known, report) => inventory.unmanaged(wanted, known, report),
  };
}
