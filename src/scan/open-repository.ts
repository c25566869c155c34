import type { StackOverview } from "../engine/api.ts";
import { type Engine, EngineFailure, EngineStopped } from "../engine/engine.ts";
import type { OpenStack, StackWithState } from "./open-stack.ts";
import type { ScanPorts } from "./ports.ts";
import { error, type StackFailure } from "./results.ts";
import { withoutState } from "./states.ts";

/**
 * The stacks of a repository, evaluated together in one engine process: an edit is proven against all of them. Code
 * that ends the process (it took more time or memory than it may) must not take the other stacks with it, so the
 * process is then started again without the stack that ended it.
 */
export class OpenRepository {
  readonly #startEngine: () => Engine;
  #engine: Engine;
  #stacks: readonly StackWithState[] = [];
  /** Stacks that could not be evaluated. */
  readonly #unseen: StackWithState[] = [];
  #overviews: ReadonlyMap<string, StackOverview> = new Map();
  readonly #secrets = new Set<string>();

  private constructor(startEngine: () => Engine) {
    this.#startEngine = startEngine;
    this.#engine = startEngine();
  }

  /**
   * Opens the stacks to be scanned, and `witnesses`: others that must be seen to stay the same when an edit is proven.
   * Where that fails each is tried alone, and those that fail are left out.
   */
  static async open(
    stacks: readonly StackWithState[],
    witnesses: readonly StackWithState[],
    { startEngine, progress }: Pick<ScanPorts, "startEngine" | "progress">,
  ): Promise<{ repository: OpenRepository; opened: readonly OpenStack[]; failed: readonly StackFailure[] }> {
    const repository = new OpenRepository(startEngine);
    const failed: StackFailure[] = [];
    const all = [...stacks, ...witnesses];
    if ((await repository.#attempt(all)) !== null) {
      const sound: StackWithState[] = [];
      for (const stack of all) {
        progress(`${stack.plan.name}: evaluating it alone, since the stacks together failed`);
        const why = await repository.#attempt([stack]);
        if (why === null) sound.push(stack);
        else if (stacks.includes(stack)) failed.push({ stack: stack.plan, diagnostics: [error(why)] });
        // A state that is of no use does not keep the code from being a witness.
        const bare = withoutState(stack.plan);
        if (why === null) continue;
        if (stack.source !== null && (await repository.#attempt([bare])) === null) sound.push(bare);
        else repository.#unseen.push(stack);
      }
      const why = await repository.#attempt(sound);
      if (why !== null) failed.push(...togetherFailed(sound, stacks, why));
    }
    const opened = repository.#stacks.filter((stack) => stacks.includes(stack));
    return { repository, opened: opened.map((stack) => repository.#openStack(stack)), failed };
  }

  /** The process as it is now: do not keep it. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Everything that is open, the witnesses too. */
  get overviews(): readonly StackOverview[] {
    return [...this.#overviews.values()];
  }

  /** Adds what the cloud has where the code or the state says that a value is secret. */
  addSecrets(texts: Iterable<string>): void {
    for (const text of texts) this.#secrets.add(text);
  }

  /** Texts that are secret in anything that ever was open. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /**
   * Evaluates everything again, because the state of one stack is another one now.
   * @throws EngineFailure or EngineStopped where that cannot be done; after an EngineFailure all is as it was.
   */
  async reopen(changed: StackWithState): Promise<OpenStack> {
    await this.#open(this.#stacks.map((stack) => (stack.plan.name === changed.plan.name ? changed : stack)));
    return this.#openStack(changed);
  }

  /** Starts the process again, without the stack whose work ended it. */
  async restartWithout(name: string): Promise<void> {
    this.#restart();
    this.#unseen.push(...this.#stacks.filter((stack) => stack.plan.name === name));
    await this.#attempt(this.#stacks.filter((stack) => stack.plan.name !== name));
  }

  /** Starts the process again, with the same stacks: what it was asked ended it. */
  async restart(): Promise<void> {
    this.#restart();
    await this.#attempt(this.#stacks);
  }

  close(): void {
    this.#engine.close();
  }

  /** Null where it went well, else why not. */
  async #attempt(stacks: readonly StackWithState[]): Promise<string | null> {
    try {
      await this.#open(stacks);
      return null;
    } catch (reason) {
      if (reason instanceof EngineStopped) this.#restart();
      if (reason instanceof EngineFailure || reason instanceof EngineStopped) return reason.message;
      throw reason;
    }
  }

  async #open(stacks: readonly StackWithState[]): Promise<void> {
    const overviews = await this.#engine.open(
      stacks.map(({ request }) => request),
      this.#unseen.map(({ request: { name, root, settings } }) => ({ name, root, settings })),
    );
    this.#stacks = stacks;
    this.#overviews = new Map(overviews.map((overview) => [overview.name, overview]));
    for (const { secrets } of overviews) for (const secret of secrets) this.#secrets.add(secret);
  }

  #openStack(stack: StackWithState): OpenStack {
    const overview = this.#overviews.get(stack.plan.name);
    if (overview === undefined) throw new Error(`the engine did not open ${stack.plan.name}`);
    return { ...stack, overview };
  }

  #restart(): void {
    this.#engine.close();
    this.#engine = this.#startEngine();
  }
}

function togetherFailed(
  sound: readonly StackWithState[],
  stacks: readonly StackWithState[],
  why: string,
): StackFailure[] {
  const diagnostics = [error(`the stacks cannot be evaluated together: ${why}`)];
  return sound.filter((stack) => stacks.includes(stack)).map((stack) => ({ stack: stack.plan, diagnostics }));
}
