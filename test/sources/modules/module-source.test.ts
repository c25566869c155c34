import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moduleSource } from "../../../src/sources/modules/module-source.ts";

/** What Terraform 1.11.4 says that it downloads, in one line, and the subfolder after a space. */
function told(text: string): string {
  const source = moduleSource(text);
  switch (source.kind) {
    case "registry": {
      const { host, namespace, name, system, subfolder } = source;
      return `registry ${host}/${namespace}/${name}/${system} ${subfolder}`.trim();
    }
    case "git": {
      const { repository, ref, shallow, subfolder } = source;
      return [`git ${repository.href}`, ref === null ? "" : `ref=${ref}`, shallow ? "shallow" : "", subfolder]
        .filter((part) => part !== "")
        .join(" ");
    }
    case "archive":
      return `${source.format} ${source.url.href} ${source.checksum ?? ""} ${source.subfolder}`
        .replace(/ +/g, " ")
        .trim();
    case "page":
      return `page ${source.url.href} ${source.subfolder}`.trim();
    default:
      return "refused";
  }
}

describe("registries", () => {
  test.each([
    ["hashicorp/consul/aws", "registry.terraform.io/hashicorp/consul/aws"],
    ["hashicorp/consul/aws//modules/x", "registry.terraform.io/hashicorp/consul/aws modules/x"],
    ["ns/name/aws//a/../b", "registry.terraform.io/ns/name/aws b"],
    [
      "app.terraform.io/example-corp/k8s-cluster/azurerm",
      "app.terraform.io/example-corp/k8s-cluster/azurerm",
    ],
    ["registry.opentofu.org/a/b/c//d", "registry.opentofu.org/a/b/c d"],
    ["a.b/b/c/d", "a.b/b/c/d"],
    ["gitlab.com/org/repo/aws", "gitlab.com/org/repo/aws"],
    ["example.com:8443/ns/name/aws", "example.com:8443/ns/name/aws"],
    ["example.com:443/ns/name/aws", "example.com/ns/name/aws"],
    ["EXAMPLE.com/ns/name/aws", "example.com/ns/name/aws"],
    ["bücher.example/ns/name/aws", "xn--bcher-kva.example/ns/name/aws"],
    ["a--b.example/ns/name/aws", "a--b.example/ns/name/aws"],
    ["1.2.3.4/ns/name/aws", "1.2.3.4/ns/name/aws"],
  ])("%s", (text, expected) => {
    expect(told(text)).toBe(`registry ${expected}`);
  });
});

describe("git repositories", () => {
  test.each([
    ["github.com/hashicorp/example", "https://github.com/hashicorp/example"],
    [
      "github.com/hashicorp/example//sub/dir?ref=v1.2.0",
      "https://github.com/hashicorp/example ref=v1.2.0 sub/dir",
    ],
    ["github.com/hashicorp/example/sub/dir", "https://github.com/hashicorp/example sub/dir"],
    ["github.com/hashicorp/example/sub//dir?ref=x", "https://github.com/hashicorp/example ref=x sub/dir"],
    [
      "github.com/hashicorp/example.git?ref=main&depth=1",
      "https://github.com/hashicorp/example.git ref=main shallow",
    ],
    ["git::github.com/org/repo", "https://github.com/org/repo"],
    ["git@github.com:hashicorp/example.git", "https://github.com/hashicorp/example.git"],
    ["git@github.com:hashicorp/example.git//sub?ref=x", "https://github.com/hashicorp/example.git ref=x sub"],
    [
      "git::git@github.com:hashicorp/example.git//sub?ref=x",
      "https://github.com/hashicorp/example.git ref=x sub",
    ],
    ["git::https://example.com/vpc.git", "https://example.com/vpc.git"],
    [
      "git::https://example.com/network.git//modules/vpc?ref=v1.2.0&depth=1",
      "https://example.com/network.git ref=v1.2.0 shallow modules/vpc",
    ],
    ["git::ssh://username@example.com/storage.git", "https://example.com/storage.git"],
    ["git::ssh://git@github.com/org/repo.git?ref=v1", "https://github.com/org/repo.git ref=v1"],
    ["git::ssh://git@example.com:2222/org/repo.git", "https://example.com/org/repo.git"],
    ["git::http://example.com/vpc.git", "http://example.com/vpc.git"],
    ["bitbucket.org/hashicorp/tf-test-git", "https://bitbucket.org/hashicorp/tf-test-git"],
    ["git::bitbucket.org/org/repo", "https://bitbucket.org/org/repo"],
    ["git::https://example.com/a%20b.git", "https://example.com/a%20b.git"],
    ["github.com/org/repo?ref=a//b", "https://github.com/org/repo ref=a//b"],
    ["git::https://dev.azure.com/o/p/_git/r//m?ref=v1", "https://dev.azure.com/o/p/_git/r ref=v1 m"],
    ["git::https://example.com:8443/x.git", "https://example.com:8443/x.git"],
    // How registries once named what is on GitHub.
    [
      "https://api.github.com/repos/org/repo/tarball/v5.0.0//*?archive=tar.gz",
      "https://github.com/org/repo ref=v5.0.0",
    ],
    [
      "https://api.github.com/repos/org/repo/tarball/v5.0.0//*/modules/x?archive=tar.gz",
      "https://github.com/org/repo ref=v5.0.0 modules/x",
    ],
  ])("%s", (text, expected) => {
    expect(told(text)).toBe(`git ${expected}`);
  });
});

describe("archives and pages", () => {
  test.each([
    ["https://example.com/vpc-module.zip", "zip https://example.com/vpc-module.zip"],
    ["https://example.com/vpc-module?archive=zip", "zip https://example.com/vpc-module"],
    ["https://example.com/vpc//sub?archive=tar.gz", "tar.gz https://example.com/vpc sub"],
    ["https://example.com/vpc.tar.gz//sub", "tar.gz https://example.com/vpc.tar.gz sub"],
    ["https://example.com/v1.2.3/vpc.tgz", "tar.gz https://example.com/v1.2.3/vpc.tgz"],
    ["http://example.com/vpc.zip", "zip http://example.com/vpc.zip"],
    [
      "https://example.com/vpc.zip?checksum=sha256:00ff&key=1",
      "zip https://example.com/vpc.zip?key=1 sha256:00ff",
    ],
    ["https://example.com/vpc", "page https://example.com/vpc"],
    ["https://example.com/vpc.zip?archive=false", "page https://example.com/vpc.zip"],
    ["https://github.com/org/repo//sub?ref=x", "page https://github.com/org/repo?ref=x sub"],
  ])("%s", (text, expected) => {
    expect(told(text)).toBe(expected);
  });
});

describe("what is not fetched, with the reason", () => {
  test.each([
    ["", "it is not known what kind of source this is"],
    ["vpc", "it is not known what kind of source this is"],
    ["vpc/foo", "it is not known what kind of source this is"],
    ["a/b/c/d", "it is not known what kind of source this is"],
    ["gitlab.com/org/repo", "it is not known what kind of source this is"],
    ["GitHub.com/org/repo", "it is not known what kind of source this is"],
    ["localhost/ns/name/aws", "it is not known what kind of source this is"],
    ["ns/name/AWS", "it is not known what kind of source this is"],
    ["ns/na.me/aws", "it is not known what kind of source this is"],
    ["-ns/name/aws", "it is not known what kind of source this is"],
    ["ns/name/aws?ref=x", "it is not known what kind of source this is"],
    ["xn--bcher-kva.example/ns/name/aws", "it is not known what kind of source this is"],
    ["ex ample.com/ns/name/aws", "it is not known what kind of source this is"],
    ["user@example.com:storage.git", "it is not known what kind of source this is"],
    ["git::username@example.com:storage.git", "it is not known what kind of source this is"],
    ["github.com/hashicorp", "an address on GitHub is github.com/OWNER/REPOSITORY"],
    ["ns/name/aws//../x", "its subfolder leads out of the package"],
    ["github.com/a/b//../c", "its subfolder leads out of the package"],
    ["github.com/a/b/../../c", "its subfolder leads out of the package"],
    ["github.com/a/b/c//../../d", "its subfolder leads out of the package"],
    ["git::https://example.com/x.git//a/../../y", "its subfolder leads out of the package"],
    ["git::ssh://git@github.com:org/repo.git", "its address is not well-formed"],
    ["git::https://user:pw@example.com/x.git", "its address holds a password"],
    ["git::ssh://git@example.com/x.git?sshkey=AAAA", "its address holds a key"],
    ["git::https://example.com//x.git", "its address names no repository"],
    ["s3::https://s3-eu-west-1.amazonaws.com/examplecorp/vpc.zip", "modules in S3 are not fetched"],
    ["s3-eu-west-1.amazonaws.com/bucket/vpc.zip", "modules in S3 are not fetched"],
    ["bucket.s3.amazonaws.com/x.zip", "modules in S3 are not fetched"],
    [
      "gcs::https://www.googleapis.com/storage/v1/modules/foo.zip",
      "modules in Google Cloud Storage are not fetched",
    ],
    ["www.googleapis.com/storage/v1/bucket/foo.zip", "modules in Google Cloud Storage are not fetched"],
    ["hg::http://example.com/vpc.hg?rev=v1", "Mercurial repositories are not fetched"],
    ["/abs/path", "folders of the machine that runs Terraform are not here"],
    ["git::file:///tmp/x", "folders of the machine that runs Terraform are not here"],
    ["file:///tmp/x", "folders of the machine that runs Terraform are not here"],
    ["ssh://git@example.com/x.git", "an address that starts with ssh:// is no source"],
    ["oci://example.com/x", 'sources of the kind "oci" are not fetched'],
    ["https://example.com/vpc.tar.xz", 'archives of the kind "tar.xz" are not read'],
    ["https://", "its address is not well-formed"],
  ])("%s", (text, why) => {
    expect(moduleSource(text)).toEqual({ kind: "refused", why: expect.stringContaining(why) });
  });

  test("no text makes it fail, and no password is repeated", () => {
    const part = fc.constantFrom(
      "git::",
      "https://",
      "ssh://",
      "git@",
      "github.com/",
      "user:secret@",
      "//",
      "?ref=",
      "a",
      "/",
      "..",
      ":",
      "example.com",
      "s3::",
      "%2e",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const source = moduleSource(parts.join(""));
        if (source.kind === "refused") expect(source.why).not.toContain("secret");
        if (source.kind === "git") expect(source.repository).toMatchObject({ username: "", password: "" });
        if (source.kind !== "refused") expect(source.subfolder.split("/")).not.toContain("..");
      }),
      { numRuns: 2_000 },
    );
  });
});
