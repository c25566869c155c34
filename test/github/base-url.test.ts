import { expect, test } from "vitest";
import { apiBaseUrl } from "../../src/github/base-url.ts";

test.each([
  [null, "https://api.github.com"],
  ["", "https://api.github.com"],
  ["github.com", "https://api.github.com"],
  ["acme.ghe.com", "https://api.acme.ghe.com"],
  ["ACME.ghe.com/", "https://api.acme.ghe.com"],
  ["api.acme.ghe.com", "https://api.acme.ghe.com"],
  ["github.acme.example", "https://github.acme.example/api/v3"],
  ["github.acme.example:8443", "https://github.acme.example:8443/api/v3"],
  ["https://github.acme.example/api/v3/", "https://github.acme.example/api/v3"],
  ["http://127.0.0.1:4001", "http://127.0.0.1:4001"],
])("%s", (host, url) => {
  expect(apiBaseUrl(host)).toBe(url);
});
