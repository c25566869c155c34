# Texts in all their forms, over several files.
locals {
  heredoc  = <<EOT
plain ${local.name}
  indented $${not} %%{not}
EOT
  indented = <<-EOT
      four more
        six more
	a tab
      ${"inter"}polated
    EOT
  empty    = <<EOT
EOT
  quoted   = "tab\tnewline\nquote\"backslash\\ \u00e9 \U0001F600"
  nested   = "a${"b${"c${local.name}"}"}"
  unicode  = "${upper("straße")} ${length("👨‍👩‍👧é")} ${substr("añb", 1, 1)}"
}

resource "terraform_data" "texts" {
  input = {
    heredoc  = local.heredoc
    indented = local.indented
    empty    = local.empty
    quoted   = local.quoted
    nested   = local.nested
    unicode  = local.unicode
    if       = "%{if local.on}on%{else}off%{endif}"
    for      = "%{for key, value in local.map}${key}=${value};%{endfor}"
    stripped = <<-EOT
      list:
      %{~for item in local.list~}

        - ${item}
      %{~if item == "b"~}
        (second)
      %{~endif~}
      %{~endfor~}

      end
    EOT
    both     = <<-EOT
      %{for item in local.list}${~item~} %{endfor}
      ${local.on ? <<-INNER
        yes
      INNER
      : "no"}
    EOT
    only     = "${local.list}"
    number   = "${1 + 1}"
    legacy   = "${local.map["x"]}"
    joined   = "${local.list[0]}-${local.list.1}"
    escaped  = jsonencode({ text = local.quoted, html = "<&>" })
    yaml     = yamlencode({ list = local.list, text = local.indented, deep = { on = local.on } })
    formatted = format("%-5s|%05.1f|%+d|%q|%x", "a", 3.14159, 7, "q\"", 255)
  }
}
