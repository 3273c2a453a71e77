output "app_url" {
  description = "Where people go."
  value       = "https://${azurerm_linux_web_app.main.default_hostname}"
}

output "next_url" {
  description = "Where a release is tried before the swap."
  value       = "https://${azurerm_linux_web_app_slot.next.default_hostname}"
}

output "functions_url" {
  description = "Where programs ask."
  value       = "https://${local.functions_name}.azurewebsites.net"
}

output "sign_in_redirect_uris" {
  description = "To be entered in the app registration."
  value = [
    "https://${azurerm_linux_web_app.main.default_hostname}/.auth/login/aad/callback",
    "https://${azurerm_linux_web_app_slot.next.default_hostname}/.auth/login/aad/callback",
  ]
}

output "sign_in_identity" {
  description = "Object id of the identity that the app registration must trust instead of a client secret."
  value       = azurerm_user_assigned_identity.web.principal_id
}

output "github_variables" {
  description = "Variables of the GitHub environment `production`; none of them is secret."
  value = {
    AZURE_CLIENT_ID       = azurerm_user_assigned_identity.deployment.client_id
    AZURE_TENANT_ID       = var.tenant_id
    AZURE_SUBSCRIPTION_ID = var.subscription_id
    RESOURCE_GROUP        = azurerm_resource_group.main.name
    REGISTRY              = azurerm_container_registry.main.login_server
    WEB_APP               = azurerm_linux_web_app.main.name
    FUNCTION_APP          = local.functions_name
    ML_WORKSPACE          = azurerm_machine_learning_workspace.main.name
  }
}

output "shell_variables" {
  description = "The names that docs/deployment.md uses: eval \"$(terraform output -raw shell_variables)\"."
  value = join("\n", [for name, value in {
    GROUP     = azurerm_resource_group.main.name
    REGISTRY  = azurerm_container_registry.main.login_server
    STORAGE   = azurerm_storage_account.main.name
    DATABASE  = azurerm_postgresql_flexible_server.main.name
    APP       = azurerm_linux_web_app.main.name
    FUNCTIONS = local.functions_name
    WORKSPACE = azurerm_machine_learning_workspace.main.name
  } : "export ${name}='${value}'"])
}

output "data_container" {
  description = "Blob container of data sets, cubes and published models."
  value       = local.shared_storage
}

output "database_host" {
  description = "PostgreSQL server; reachable inside the virtual network only."
  value       = azurerm_postgresql_flexible_server.main.fqdn
}
