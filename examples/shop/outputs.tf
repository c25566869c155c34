output "addresses" {
  description = "Private address of each service."
  value       = { for name, service in module.service : name => service.private_ip }
}

output "session_key" {
  description = "For the services that run elsewhere."
  value       = random_password.session.result
  sensitive   = true
}
