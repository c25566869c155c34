/** What every case may refer to. */
export const SURROUNDINGS = `
terraform {
  required_providers {
    blocks = {
      source = "example.test/driftwright/blocks"
    }
  }
}
variable "secret" {
  default   = "hidden"
  sensitive = true
}
variable "rules" {
  type = list(object({
    text   = string
    number = optional(number, 7)
    ports  = optional(map(list(string)), {})
  }))
  default = [{ text = "one", ports = { z = ["1", "2"], a = [] } }, { text = "two", number = 2 }]
}
resource "terraform_data" "seed" {}
locals {
  unknown      = jsondecode(terraform_data.seed.id)
  unknown_text = terraform_data.seed.id
  unknown_set  = toset([terraform_data.seed.id])
  by_name      = { b = 2, a = 1 }
}
`;

/** The body of a resource with nested blocks (provider/main.go says which), by what is tried. */
export const BLOCK_CASES: Readonly<Record<string, string>> = {
  "over a list": `dynamic "rule" {
    for_each = ["a", "b"]
    content {
      text   = rule.value
      number = rule.key
    }
  }`,
  "over a tuple of different types": `dynamic "rule" {
    for_each = ["a", { b = "c" }]
    content {
      text = try(rule.value.b, rule.value)
    }
  }`,
  "over a map, by key": `dynamic "rule" {
    for_each = local.by_name
    content {
      text   = rule.key
      number = rule.value
    }
  }`,
  "over a set, whose keys are its values": `dynamic "rule" {
    for_each = toset(["b", "a", "b"])
    content {
      text  = rule.key
      texts = [rule.value]
    }
  }`,
  "over an object": `dynamic "rule" {
    for_each = { z = 1, a = "x" }
    content {
      text = "\${rule.key}=\${rule.value}"
    }
  }`,
  "over nothing": `dynamic "rule" {
    for_each = []
    content {
      text = rule.value
    }
  }`,
  "over an empty map": `dynamic "rule" {
    for_each = {}
    content {
      text = rule.value
    }
  }`,
  "an iterator's name": `dynamic "rule" {
    for_each = ["a"]
    iterator = each_rule
    content {
      text   = each_rule.value
      number = each_rule.key
    }
  }`,
  "an iterator that hides a name of Terraform": `dynamic "rule" {
    for_each = ["a"]
    iterator = local
    content {
      text = local.value
    }
  }`,
  "the iterator within a for that hides it": `dynamic "rule" {
    for_each = ["a"]
    content {
      texts = [for rule in ["x", "y"] : rule]
      text  = rule.value
    }
  }`,
  "optional attributes": `dynamic "rule" {
    for_each = var.rules
    content {
      text   = rule.value.text
      number = rule.value.number
    }
  }`,
  "blocks in blocks": `dynamic "rule" {
    for_each = var.rules
    content {
      text = rule.value["text"]
      dynamic "port" {
        for_each = rule.value.ports
        content {
          text  = "\${rule.key} \${rule.value.text} \${port.key}"
          texts = port.value
          dynamic "note" {
            for_each = port.value
            content {
              text   = note.value
              number = length(port.value) + rule.key + note.key
            }
          }
        }
      }
    }
  }`,
  "blocks of the same type in each other": `dynamic "rule" {
    for_each = ["outer"]
    content {
      text = rule.value
      dynamic "rule" {
        for_each = ["\${rule.value} of inner"]
        content {
          text = rule.value
        }
      }
    }
  }`,
  "the outer one by an iterator of its own": `dynamic "rule" {
    for_each = ["outer"]
    iterator = outer
    content {
      dynamic "rule" {
        for_each = ["inner", outer.value]
        content {
          text = "\${outer.value} \${rule.value}"
        }
      }
    }
  }`,
  "dynamic ones in a plain one": `rule {
    text = "plain"
    dynamic "port" {
      for_each = local.by_name
      content {
        text = port.key
      }
    }
  }`,
  "plain ones in a dynamic one": `dynamic "rule" {
    for_each = [1, 2]
    content {
      port {
        number = rule.value
      }
      port {
        number = rule.value * 10
      }
    }
  }`,
  "between plain ones": `rule {
    text = "first"
  }
  dynamic "rule" {
    for_each = ["second", "third"]
    content {
      text = rule.value
    }
  }
  rule {
    text = "last"
  }`,
  "two of one type": `dynamic "rule" {
    for_each = ["a"]
    content {
      text = rule.value
    }
  }
  dynamic "rule" {
    for_each = ["b"]
    content {
      text = rule.value
    }
  }`,
  "a set of blocks": `dynamic "grant" {
    for_each = ["b", "a", "b"]
    content {
      text = grant.value
    }
  }`,
  "lists in a set": `dynamic "grant" {
    for_each = { a = [1, 2], b = [] }
    content {
      text = grant.key
      dynamic "right" {
        for_each = grant.value
        content {
          number = right.value
        }
      }
    }
  }`,
  "sets in a list": `rule {
    dynamic "source" {
      for_each = toset(["y", "x"])
      content {
        text = source.key
      }
    }
    source {
      text = "x"
    }
  }`,
  "one block at most": `dynamic "limits" {
    for_each = [{ size = 3 }]
    content {
      number = limits.value.size
      dynamic "window" {
        for_each = range(limits.value.size)
        content {
          number = window.value
        }
      }
    }
  }`,
  "one block, left out": `dynamic "limits" {
    for_each = false ? [1] : []
    content {
      number = limits.value
    }
  }`,
  labels: `dynamic "labelled" {
    for_each = local.by_name
    labels   = ["key-\${labelled.key}"]
    content {
      number = labelled.value
    }
  }
  labelled "plain" {
    text = "plain"
  }`,
  "labels by another iterator": `dynamic "labelled" {
    for_each = ["x", "y"]
    iterator = it
    labels   = [it.value]
    content {
      dynamic "port" {
        for_each = [it.key]
        content {
          number = port.value
          text   = it.value
        }
      }
    }
  }`,
  "within each": `for_each = { k = ["v", "w"] }
  name = each.key
  dynamic "rule" {
    for_each = each.value
    content {
      text = "\${each.key} \${rule.value}"
    }
  }`,
  "within count": `count = 2
  dynamic "rule" {
    for_each = range(count.index)
    content {
      number = rule.value + count.index
    }
  }`,
  "unknown for_each": `dynamic "rule" {
    for_each = local.unknown
    content {
      text = rule.value
    }
  }
  name = "known"`,
  "unknown for_each of a set": `dynamic "grant" {
    for_each = local.unknown
    content {
      text = grant.value
    }
  }`,
  "unknown for_each beside plain blocks": `rule {
    text = "plain"
  }
  dynamic "rule" {
    for_each = local.unknown
    content {
      text = rule.value
    }
  }`,
  "unknown for_each in a known block": `dynamic "rule" {
    for_each = ["a", "b"]
    content {
      text = rule.value
      dynamic "port" {
        for_each = rule.key == 0 ? [1] : local.unknown
        content {
          number = port.value
        }
      }
    }
  }`,
  "known for_each in one that is not": `dynamic "rule" {
    for_each = local.unknown
    content {
      text = "known"
      dynamic "port" {
        for_each = ["a"]
        content {
          text = port.value
        }
      }
    }
  }`,
  "an unknown set of one element": `dynamic "rule" {
    for_each = local.unknown_set
    content {
      text = rule.value
    }
  }`,
  "a list of known length with unknown elements": `dynamic "rule" {
    for_each = [local.unknown_text, "known"]
    content {
      text   = rule.value
      number = rule.key
    }
  }`,
  "a map with unknown values": `dynamic "rule" {
    for_each = { a = local.unknown_text, b = "known" }
    content {
      text  = rule.key
      texts = [rule.value]
    }
  }`,
  "an unknown map in a known list": `dynamic "rule" {
    for_each = [{ ports = local.unknown, text = "a" }]
    content {
      text = rule.value.text
      dynamic "port" {
        for_each = rule.value.ports
        content {
          text = "\${rule.value.text} \${port.value}"
        }
      }
    }
  }`,
  "unknown condition of one block or none": `dynamic "rule" {
    for_each = local.unknown_text == "x" ? [1] : []
    content {
      number = rule.value
    }
  }`,
  "unknown condition of two of one length": `dynamic "rule" {
    for_each = local.unknown_text == "x" ? ["a"] : ["b"]
    content {
      text   = rule.value
      number = rule.key
    }
  }`,
  "an unknown argument in a block": `rule {
    text   = local.unknown_text
    number = 1
  }`,
  "a set of blocks with an unknown argument": `grant {
    text   = local.unknown_text
    number = 1
  }`,
  "sensitive elements": `dynamic "rule" {
    for_each = [var.secret, "plain"]
    content {
      text   = rule.value
      number = rule.key
    }
  }`,
  "sensitive for_each": `dynamic "rule" {
    for_each = sensitive(["a", "b"])
    content {
      text   = rule.value
      number = rule.key
      flag   = true
    }
  }`,
  "sensitive for_each of a map": `dynamic "rule" {
    for_each = sensitive({ a = "x" })
    content {
      text  = rule.key
      texts = [rule.value]
      flag  = true
    }
  }`,
  "sensitive for_each, blocks within": `dynamic "rule" {
    for_each = sensitive([["a"]])
    content {
      flag = true
      dynamic "port" {
        for_each = rule.value
        content {
          text = port.value
          flag = true
        }
      }
    }
  }`,
  "a sensitive argument in a set of blocks": `grant {
    text = var.secret
    flag = true
  }`,
  "null in a block": `dynamic "rule" {
    for_each = [null, "a"]
    content {
      text   = rule.value
      number = null
    }
  }`,
  "splat over blocks of another": `dynamic "rule" {
    for_each = blocks_all.other.rule[*].text
    content {
      text = rule.value
    }
  }
  any = { length = length(blocks_all.other.rule), last = blocks_all.other.rule[1].port[0].text }`,
  "blocks of another": `dynamic "rule" {
    for_each = blocks_all.other.rule
    content {
      text = "\${rule.value.text}!"
      dynamic "port" {
        for_each = rule.key == 0 ? [] : rule.value.port
        content {
          text = port.value.text
        }
      }
    }
  }`,
  "blocks that another does not write": `any = length(blocks_all.other.rule[0].port)`,
  "no for_each": `dynamic "rule" {
    content {
      text = "x"
    }
  }`,
  "no content": `dynamic "rule" {
    for_each = []
  }`,
  "two contents": `dynamic "rule" {
    for_each = []
    content {}
    content {}
  }`,
  "null for_each": `dynamic "rule" {
    for_each = null
    content {}
  }`,
  "a text as for_each": `dynamic "rule" {
    for_each = "x"
    content {}
  }`,
  "a number as for_each": `dynamic "rule" {
    for_each = 2
    content {}
  }`,
  "another argument beside for_each": `dynamic "rule" {
    for_each = []
    each     = 1
    content {}
  }`,
  "an iterator that is no name": `dynamic "rule" {
    for_each = []
    iterator = "rule"
    content {}
  }`,
  "the iterator outside of its block": `dynamic "rule" {
    for_each = []
    content {}
  }
  name = rule.key`,
  "an attribute that the iterator does not have": `dynamic "rule" {
    for_each = ["a"]
    content {
      text = rule.valeu
    }
  }`,
  "no type": `dynamic {
    for_each = []
    content {}
  }`,
  "two types": `dynamic "rule" "port" {
    for_each = []
    content {}
  }`,
  lifecycle: `dynamic "lifecycle" {
    for_each = ["a"]
    content {}
  }`,
  "labels of a block that has none": `dynamic "rule" {
    for_each = ["a"]
    labels   = ["x"]
    content {}
  }`,
  "a label that is not known": `dynamic "labelled" {
    for_each = [local.unknown_text]
    labels   = [labelled.value]
    content {}
  }`,
  "a label that is null": `dynamic "labelled" {
    for_each = ["a"]
    labels   = [null]
    content {}
  }`,
  "count in a block": `rule {
    number = count.index
  }`,
};

/** Another resource, whose blocks some of the cases read. */
export const OTHER = `resource "blocks_all" "other" {
  rule {
    text = "first"
  }
  dynamic "rule" {
    for_each = ["second"]
    content {
      text = rule.value
      port {
        text = "of it"
      }
    }
  }
}
`;
