automatic_json = "b counts after a"
asked = "overtaken"
