environment = "prod"
services = {
  web = {
    port     = "443"
    replicas = 3
    public   = true
    sources  = ["0.0.0.0/0", "10.1.0.0/16"]
    labels   = { tier = "front", version = 2 }
  }
  api    = { port = 8080, resources = { cpu = "500m" } }
  worker = { port = 9090, replicas = null, labels = null, resources = null }
}
tags = { Owner = "platform", CostCentre = 4711 }
