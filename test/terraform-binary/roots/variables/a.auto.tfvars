order = "from a.auto"
from_auto_a = "from a.auto"
from_auto_b = "from a.auto"
literal_number = 1
literal_text = "x"
literal_bool = false
literal_list = []
literal_object = { name = "a", size = 1 }
untyped = 1
any_typed = 2
