order = "from first"
overtaken = "from first"
