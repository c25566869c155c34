given = [{ on = "true", settings = { a = 1, b = "x" } }, { on = false }]
