environment = "prod"
vpc_cidr    = "10.20.0.0/16"

services = {
  # What customers talk to, behind the load balancer.
  api = {
    size        = "medium"
    port        = 8443
    callers     = ["10.20.0.0/16"]
    description = "Orders and payments"
  }

  # Sends mails and invoices.
  worker = {
    size        = "small"
    port        = 9090
    callers     = ["10.20.0.0/20"]
    disk_size   = 50
    schedule    = "office-hours"
    description = "Mails and invoices"
  }
}
