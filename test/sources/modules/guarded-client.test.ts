import { describe, expect, test } from "vitest";
import { GuardedClient } from "../../../src/sources/modules/guarded-client.ts";
import { ModuleHosts } from "../../../src/sources/modules/module-hosts.ts";
import { ReachableNetworks } from "../../../src/sources/modules/public-address.ts";
import { clientFor, hosts } from "./loopback.ts";

const start = hosts();
const signal = new AbortController().signal;
const ask = (client: GuardedClient, url: string, mostBytes = 1_000) =>
  client.ask(new URL(url), { mostBytes, signal });
const ok = () => ({ body: "here" });

describe("addresses that are not public", () => {
  test.each([
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::a00:1",
    "64:ff9b:1:a00:1::808:808",
    "2002:a00:1::",
    "2002:808:808::",
    "2001:0:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::7f00:1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::808:808",
    "0:0:0:0:0:0:a9fe:a9fe",
    "::ffff:0:7f00:1",
    "::ffff:169.254.169.254",
    "4000::1",
    "fec0::1",
    "2001:db8::1",
    "not an address",
  ])("%s is not connected to", (address) => {
    expect(new ReachableNetworks().allows(address)).toBe(false);
  });

  test.each([
    "140.82.121.3",
    "2606:50c0:8000::153",
    "::ffff:140.82.121.3",
    "64:ff9b::8c52:7903",
    "64:ff9b::140.82.121.3",
  ])("%s is", (address) => {
    expect(new ReachableNetworks().allows(address)).toBe(true);
  });

  test("a network that the operator names is allowed, and no other", () => {
    const networks = new ReachableNetworks(["10.1.0.0/16", "fd00:1::/32"]);
    expect(["10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5"].map((one) => networks.allows(one))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["10.2.0.1", "127.0.0.1", "fd00:2::1"].map((one) => networks.allows(one))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("a server on loopback", () => {
  test("is asked where its network is allowed, and told nothing about anybody", async () => {
    const host = await start("registry.test", ok);
    const { status, body } = await ask(clientFor([host]), `${host.origin}/x`);
    expect([status, body.toString()]).toEqual([200, "here"]);
    const [asked] = host.asked;
    expect(Object.keys(asked?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  test.each([
    ["a name that leads there", "registry.test", ["127.0.0.1"]],
    ["one of whose addresses leads there", "registry.test", ["140.82.121.3", "127.0.0.1"]],
    ["in the clothes of IPv6", "registry.test", ["::ffff:127.0.0.1"]],
  ])("is never connected to otherwise: %s", async (_, name, addresses) => {
    const host = await start(name, ok);
    const client = clientFor([host], { networks: [], addresses: { [name]: addresses } });
    await expect(ask(client, `${host.origin}/x`)).rejects.toThrow(
      /is not on the public internet; .*MODULE_NETWORKS/,
    );
    expect(host.asked).toEqual([]);
  });

  test.each(["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])(
    "is never connected to by its address: %s",
    async (literal) => {
      const host = await start("127.0.0.1", ok);
      const port = host.host.split(":")[1];
      const url = new URL(`http://${literal}:${port}/`);
      const client = clientFor([url.origin], { networks: [] });
      await expect(client.ask(url, { mostBytes: 10, signal })).rejects.toThrow(
        "is not on the public internet",
      );
      expect(host.asked).toEqual([]);
    },
  );

  test("a name that leads elsewhere the second time is looked at the second time", async () => {
    const host = await start("rebind.test", ok);
    const answers = [["127.0.0.1"], ["10.0.0.1"]];
    const client = new GuardedClient({
      hosts: new ModuleHosts([host.origin]),
      networks: new ReachableNetworks(["127.0.0.0/8"]),
      resolve: async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
    });
    await ask(client, host.origin);
    await expect(ask(client, host.origin)).rejects.toThrow("is not on the public internet");
    expect(host.asked).toHaveLength(1);
  });

  test("the system's own resolver is asked when there is no other", async () => {
    const host = await start("localhost", ok);
    const parts = { hosts: new ModuleHosts([host.origin]) };
    const open = new GuardedClient({ ...parts, networks: new ReachableNetworks(["127.0.0.0/8", "::1/128"]) });
    expect((await ask(open, host.origin)).status).toBe(200);
    const closed = new GuardedClient({ ...parts, networks: new ReachableNetworks() });
    await expect(ask(closed, host.origin)).rejects.toThrow("is not on the public internet");
  });
});

describe("hosts", () => {
  test.each([
    ["example.com", "https://example.com/x", "https://example.com/x"],
    ["Example.COM", "https://EXAMPLE.com./x", "https://example.com./x"],
    ["*.example.com", "https://a.b.example.com/x", "https://a.b.example.com/x"],
    ["example.com:8443", "https://example.com:8443/x", "https://example.com:8443/x"],
    ["example.com:443", "https://example.com/x", "https://example.com/x"],
    ["example.com", "http://example.com/x", "https://example.com/x"],
    ["http://example.com:8080", "https://example.com:8080/x", "http://example.com:8080/x"],
  ])("%s lets %s be asked", (entry, url, expected) => {
    expect(new ModuleHosts([entry]).admit(new URL(url)).href).toBe(expected);
  });

  test.each([
    ["example.com", "https://example.com.evil.test/x", "none of the hosts"],
    ["example.com", "https://sub.example.com/x", "none of the hosts"],
    ["*.example.com", "https://example.com/x", "none of the hosts"],
    ["*.example.com", "https://badexample.com/x", "none of the hosts"],
    ["example.com", "https://example.com:8443/x", "none of the hosts"],
    ["example.com", "https://user@example.com/x", "holds a name or a password"],
    ["example.com", "https://user:pw@example.com/x", "holds a name or a password"],
    ["example.com", "ftp://example.com/x", "https is needed"],
  ])("%s does not let %s be asked", (entry, url, why) => {
    expect(() => new ModuleHosts([entry]).admit(new URL(url))).toThrow(why);
  });

  test("without any nothing is fetched, and the message says so", () => {
    expect(() => new ModuleHosts([]).admit(new URL("https://github.com/a/b"))).toThrow(
      "MODULE_HOSTS names no host",
    );
  });
});

describe("redirects", () => {
  test("are followed to hosts that may be asked", async () => {
    const archives = await start("codeload.test", ok);
    const host = await start("git.test", () => ({
      status: 302,
      headers: { location: `${archives.origin}/a` },
    }));
    const { url, body } = await ask(clientFor([host, archives]), `${host.origin}/x`);
    expect([url.href, body.toString()]).toEqual([`${archives.origin}/a`, "here"]);
  });

  test.each([
    ["another host", (inside: string) => inside, "none of the hosts"],
    ["a private address", () => "http://169.254.169.254/latest/meta-data", "none of the hosts"],
    ["a password", () => "http://user:pw@git.test/", "holds a name or a password"],
    ["another scheme", () => "file:///etc/passwd", "https is needed"],
    ["nowhere", () => "http://[", "not well-formed"],
  ])("are not followed to %s", async (_, location, why) => {
    const inside = await start("inside.test", ok);
    const host = await start("git.test", () => ({
      status: 302,
      headers: { location: location(inside.origin) },
    }));
    await expect(ask(clientFor([host]), host.origin)).rejects.toThrow(why);
    expect(inside.asked).toEqual([]);
  });

  test("have an end", async () => {
    const host = await start("git.test", ({ path }) => ({ status: 307, headers: { location: `${path}a` } }));
    await expect(ask(clientFor([host]), host.origin)).rejects.toThrow("leads on more than 5 times");
    expect(host.asked).toHaveLength(6);
  });
});

describe("bounds", () => {
  test("more bytes than wanted are not read", async () => {
    const host = await start("git.test", () => ({ body: "x".repeat(2_000) }));
    await expect(ask(clientFor([host]), host.origin, 1_000)).rejects.toThrow("more than 1000 bytes");
  });

  test("a silent host is given up", async () => {
    const host = await start("git.test", () => ({ body: "x", hang: true }));
    await expect(ask(clientFor([host], { silence: 50 }), host.origin)).rejects.toThrow(
      /silent for 0.05 seconds/,
    );
  });

  test("a host that takes too long is given up", async () => {
    const host = await start("git.test", () => ({ body: "x", hang: true }));
    await expect(ask(clientFor([host], { timeout: 50 }), host.origin)).rejects.toThrow(
      /longer than 0.05 seconds/,
    );
  });

  test("a host that is not there is said, without an address", async () => {
    const client = clientFor(["http://gone.test:1"]);
    await expect(ask(client, "http://gone.test:1/secret-path")).rejects.toThrow(
      '"gone.test:1" cannot be reached (ECONNREFUSED)',
    );
  });

  test("whoever gives up gets their own reason", async () => {
    const host = await start("git.test", () => ({ body: "x", hang: true }));
    const giveUp = new AbortController();
    const answer = clientFor([host]).ask(new URL(host.origin), { mostBytes: 10, signal: giveUp.signal });
    giveUp.abort(new Error("the job was stopped"));
    await expect(answer).rejects.toThrow("the job was stopped");
  });
});
