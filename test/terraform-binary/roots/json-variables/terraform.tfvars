named      = "overtaken"
named_json = "overtaken"
