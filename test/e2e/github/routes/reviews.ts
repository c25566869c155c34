import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { type Handler, objectOf } from "../call.ts";
import { answer, refusal } from "../exchange.ts";
import { listPullFiles } from "./pulls.ts";

/**
 * Comments of a review stand on lines of the pull request's diff. The emulator behind knows places in the diff alone, so
 * it gets the review without them.
 */
export const createReview: Handler = async (call) => {
  const comments = isJsonArray(call.body["comments"]) ? call.body["comments"].filter(isJsonObject) : [];
  if (comments.length > 0) {
    const { body } = await listPullFiles(call);
    const files = isJsonArray(body as Json) ? (body as readonly Json[]).filter(isJsonObject) : [];
    if (!comments.every((comment) => isInDiff(files, comment))) {
      return refusal(422, "Unprocessable Entity", { errors: ["Line could not be resolved"] });
    }
  }
  const { comments: _left, ...rest } = call.body;
  const result = await call.forward(rest);
  return result.status === 201 ? answer(200, objectOf(result)) : result;
};

function isInDiff(files: readonly JsonObject[], comment: JsonObject): boolean {
  const file = files.find(({ filename }) => filename === comment["path"]);
  const patch = String(file?.["patch"] ?? "");
  const [from, to] = [Number(comment["start_line"] ?? comment["line"]), Number(comment["line"])];
  return [...patch.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].some(([, start, count]) => {
    const first = Number(start);
    return first <= from && to < first + Number(count ?? 1);
  });
}
