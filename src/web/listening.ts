import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EnvironmentError } from "../config/environment-error.ts";

/** Milliseconds in which a name for an address of this machine is looked up. */
const PATIENCE = 5_000;

/** Codes by what is wrong with the host rather than with the port. */
const NO_ADDRESS = new Set(["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN", "EINVAL", "EAFNOSUPPORT", "LATE"]);

/**
 * Makes a server listen; gives the port, for 0 the one that it got.
 * @throws EnvironmentError where HOST or PORT cannot be used
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => reject(Object.assign(new Error("too late"), { code: "LATE" })), PATIENCE);
  server.once("error", reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    server.close();
    throw asSentence(error as NodeJS.ErrnoException, host, port);
  } finally {
    clearTimeout(late);
    server.off("error", reject);
  }
  return (server.address() as AddressInfo).port;
}

/**
 * Tries whether an address can be listened on, before anything is begun that takes time. Gives the port, for 0 one that
 * is free now.
 * @throws EnvironmentError where HOST or PORT cannot be used
 */
export async function tryAddress(host: string, port: number): Promise<number> {
  const server = createServer();
  const free = await listen(server, host, port);
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** `http://127.0.0.1:3000` */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function asSentence(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const { code = "" } = error;
  const where = `${host}:${port}`;
  if (code === "EADDRINUSE") {
    return new EnvironmentError([`PORT: ${where} is in use; set another one, or stop what listens there`]);
  }
  if (code === "EACCES" || code === "EPERM") {
    return new EnvironmentError([`PORT: ${where} may not be listened on; set one above 1023`]);
  }
  if (NO_ADDRESS.has(code)) {
    return new EnvironmentError([
      `HOST: ${host} is no address of this machine; set one that is, or 0.0.0.0 for all`,
    ]);
  }
  return error;
}
