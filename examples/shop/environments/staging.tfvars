environment = "staging"
vpc_cidr    = "10.30.0.0/16"
zones       = ["eu-west-1a"]

services = {
  api = {
    size        = "small"
    port        = 8443
    callers     = ["10.30.0.0/16"]
    schedule    = "office-hours"
    description = "Orders and payments"
  }

  worker = {
    size        = "small"
    port        = 9090
    callers     = ["10.30.0.0/20"]
    schedule    = "office-hours"
    description = "Mails and invoices"
  }
}
