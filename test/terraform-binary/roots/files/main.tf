locals {
  decoded = jsondecode(file("${path.module}/data.json"))
  items   = yamldecode(file("data.yaml"))
}

resource "terraform_data" "files" {
  input = {
    plain     = file("plain.txt")
    chomped   = chomp(file("./plain.txt"))
    lines     = split("\n", trimspace(file("${path.root}/plain.txt")))
    base64    = filebase64("plain.txt")
    hashes    = [filemd5("plain.txt"), filesha1("plain.txt"), filesha256("plain.txt"), filesha512("plain.txt")]
    hashes64  = [filebase64sha256("plain.txt"), filebase64sha512("plain.txt")]
    exists    = [fileexists("plain.txt"), fileexists("missing.txt"), try(fileexists("templates"), "folder")]
    decoded   = local.decoded
    number    = local.decoded.a[1] + 1
    items     = local.items
    rows      = csvdecode(file("data.csv"))
    total     = sum([for row in csvdecode(file("data.csv")) : row.size])
    names     = [basename("a/b/c.txt"), dirname("a/b/c.txt"), basename("/"), dirname("c.txt"), basename("a/"), dirname("a/")]
    missing   = try(file("missing.txt"), "no such file")
  }
}

resource "terraform_data" "sets" {
  input = {
    all     = fileset(".", "*.txt")
    below   = fileset(path.module, "templates/*.tftpl")
    deep    = fileset(".", "**/*.tftpl")
    none    = fileset(".", "*.none")
    either  = fileset(".", "*.{json,yaml}")
    letters = fileset(".", "data.[jy]*")
    one     = fileset("templates", "hell?.tftpl")
  }
}

resource "terraform_data" "templates" {
  for_each = fileset("templates", "h*.tftpl")
  input    = templatefile("templates/${each.value}", { name = "World", items = ["a", "b"] })
}

resource "terraform_data" "template_json" {
  input = {
    json   = jsondecode(templatefile("${path.module}/templates/json.tftpl", { a = [1, null], b = "x" }))
    string = templatestring(local.template, { who = "you" })
  }
}

locals {
  template = "hi $${who}"
}

resource "terraform_data" "heredocs" {
  input = {
    plain    = <<EOT
  kept
    indent ${1 + 1}
EOT
    indented = <<-EOT
      outdented
        deeper ${upper("x")}

      after blank
    EOT
    escapes  = <<-EOT
      no \n escape $${here} %%{ there }
      "quotes" ${"in \"it\""}
    EOT
    trimmed  = <<-EOT
      %{for item in ["a", "b"]~}
      - ${item}
      %{endfor~}
      end
    EOT
    single   = <<-EOT
      ${"only"}
    EOT
    empty    = <<-EOT
    EOT
    mixed    = <<-EOT
          eight
      six
        eight again
        ${"interpolated"} tail
    EOT
  }
}
