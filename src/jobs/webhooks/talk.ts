import { dayOf } from "../../config/rules.ts";
import { slashCommands } from "../../intent/slash-command.ts";
import { receiveCommands } from "../../store/commands.ts";
import { findObjectByNumber } from "../../store/objects.ts";
import { type Delivery, type InRepository, inKnownRepository, type WebhookPorts } from "./deliveries.ts";
import { lookAfter, STATE_IS_NEW, toldBy } from "./follow-ups.ts";

export interface IssuePayload extends InRepository {
  readonly action: string;
  readonly issue: { readonly number: number };
}

export interface IssueCommentPayload extends InRepository {
  readonly action: string;
  readonly issue: { readonly number: number };
  readonly comment: {
    readonly id: number;
    readonly body: string;
    readonly created_at: string;
    readonly user: Sender | null;
  };
  /** Who wrote it, or edited it now. */
  readonly sender: Sender;
}

interface Sender {
  readonly login: string;
  readonly type?: string;
}

/** An issue was closed or opened again. */
export function onIssue(ports: WebhookPorts, delivery: Delivery<IssuePayload>): Promise<void> {
  const { action, issue } = delivery.payload;
  return inKnownRepository(ports, delivery, async (db, repository) => {
    if (STATE_IS_NEW.has(action)) await lookAfter(ports, db, repository, issue.number);
  });
}

/** Somebody wrote or edited a comment on an issue or pull request of ours. */
export function onIssueComment(ports: WebhookPorts, delivery: Delivery<IssueCommentPayload>): Promise<void> {
  const { action, issue, comment, sender } = delivery.payload;
  return inKnownRepository(ports, delivery, async (db, repository) => {
    const isOld = ports.now().getTime() - Date.parse(comment.created_at) > OLDEST_COMMENT;
    if (action !== "created" && (action !== "edited" || isOld)) return;
    // Who edits it says what it says now. What an App wrote, nobody said.
    if (sender.type === "Bot" || comment.user?.type === "Bot") return;
    const commands = slashCommands(comment.body, dayOf(ports.now()));
    if (commands.length === 0) return;
    const object = await findObjectByNumber(db, repository.id, issue.number);
    const told = object === null ? null : await toldBy(db, repository, object);
    if (told === null) return;
    const { id: repositoryId, installationId } = told;
    const place = {
      repositoryId: repository.id,
      commentId: comment.id,
      number: issue.number,
      author: sender.login,
    };
    const isNew = (await receiveCommands(db, place, commands, ports.now())) > 0;
    if (isNew) await ports.queues.enqueue(db, "command", { repositoryId, installationId });
  });
}

/** What an older comment said is not known any more, so editing one says nothing new. */
const OLDEST_COMMENT = 20 * 24 * 60 * 60 * 1000;
