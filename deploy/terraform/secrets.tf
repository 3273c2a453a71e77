# The few secrets there are; the app reads them by reference, nobody copies them.
resource "azurerm_key_vault" "main" {
  name                       = "kv-${local.stem}"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = var.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = !var.destroy_leaves_nothing
  soft_delete_retention_days = 7
  tags                       = local.tags
}

locals {
  database_host = "forecast:${urlencode(var.database_password)}@${azurerm_postgresql_flexible_server.main.fqdn}:5432"
  secrets = {
    database-url   = "postgresql+psycopg://${local.database_host}/forecast?sslmode=require"
    tracking-uri   = "postgresql+psycopg://${local.database_host}/mlflow?sslmode=require"
    session-secret = var.session_secret
  }
}

resource "azurerm_key_vault_secret" "main" {
  for_each     = toset(["database-url", "tracking-uri", "session-secret"])
  name         = each.key
  value        = local.secrets[each.key]
  content_type = "text/plain"
  key_vault_id = azurerm_key_vault.main.id
  tags         = local.tags
  depends_on   = [azurerm_role_assignment.operator]
}

resource "azurerm_monitor_diagnostic_setting" "key_vault" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_key_vault.main.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id
  enabled_log {
    category = "AuditEvent"
  }
}
