order           = "from terraform.tfvars"
from_tfvars     = "from terraform.tfvars"
from_auto_a     = "from terraform.tfvars"
from_auto_b     = "from terraform.tfvars"
nullable        = null
not_nullable    = null
list_of_numbers = ["1", 2, "3.5"]
set_of_strings  = ["b", "a", "b", 3]
map_of_any      = { a = 1, b = "x", c = true }
list_of_any     = [{ a = 1 }, { a = "x" }]
any_object      = { a = [1, "x", null], b = { c = null } }
pair            = [1, "2", "true"]
old_list        = ["x", 1]
old_map         = { a = 1 }
nested          = { name = "n", unknown_attribute = 1 }
nested_full     = [{ id = "1" }, { id = 2, ports = [], meta = {} }, { id = "3", ports = ["8080"], meta = null }]
