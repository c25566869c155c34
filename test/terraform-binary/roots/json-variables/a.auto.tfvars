automatic = "overtaken"
