from_auto_b = "from b.auto"
