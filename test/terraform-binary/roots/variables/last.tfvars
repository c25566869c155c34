overtaken = "from last"
