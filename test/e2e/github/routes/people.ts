import { type Handler, objectOf } from "../call.ts";
import { answer, refusal } from "../exchange.ts";

/** What a person may do in a repository. Behind, everybody in the organization may do everything. */
export const getPermission: Handler = async (call) => {
  const result = await call.forward();
  const login = call.parameter("username");
  const { permissions } = call.world;
  const permission = permissions.get(`${call.parameter("repo")}/${login}`) ?? permissions.get(login);
  if (permission === undefined || result.status !== 200) return result;
  return answer(200, { ...objectOf(result), permission, role_name: permission });
};

/** The emulator behind knows teams, and not this request. */
export const getTeamMembership: Handler = async ({ world, ...call }) => {
  const [org, team] = [call.route.parameters.get("org"), call.route.parameters.get("team_slug")];
  const login = call.route.parameters.get("username") ?? "";
  const isMember = world.teams.get(`${org}/${team}`)?.has(login) ?? false;
  const url = `${world.url}${call.request.path}`;
  return isMember ? answer(200, { url, role: "member", state: "active" }) : refusal(404, "Not Found");
};

/** The same reaction of the same person is one; the emulator behind has none at all. */
export const reactToComment: Handler = async (call) => {
  const { world, fullName, login, body } = call;
  const id = call.parameter("comment_id");
  const { status } = await world.ask("GET", `/repos/${fullName}/issues/comments/${id}`);
  if (status !== 200) return refusal(404, "Not Found");
  const reaction = `${id} ${login} ${String(body["content"])}`;
  const isNew = !world.reactions.has(reaction);
  world.reactions.add(reaction);
  const type = login.endsWith("[bot]") ? "Bot" : "User";
  return answer(isNew ? 201 : 200, {
    id: world.reactions.size,
    content: String(body["content"]),
    user: { login, type },
  });
};
