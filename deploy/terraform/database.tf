# What people keep (scenarios, comments, drift, audit) and, in a database of its own, what MLflow keeps.
resource "azurerm_postgresql_flexible_server" "main" {
  name                          = "psql-${local.stem}"
  resource_group_name           = azurerm_resource_group.main.name
  location                      = azurerm_resource_group.main.location
  version                       = "16"
  sku_name                      = var.database_sku
  storage_mb                    = 32768
  auto_grow_enabled             = true
  backup_retention_days         = var.backup_days
  administrator_login           = "forecast"
  administrator_password        = var.database_password
  delegated_subnet_id           = azurerm_subnet.main["database"].id
  private_dns_zone_id           = azurerm_private_dns_zone.database.id
  public_network_access_enabled = false
  tags                          = local.tags
  depends_on                    = [azurerm_resource_group_template_deployment.database_name]

  lifecycle {
    ignore_changes = [zone] # Azure chooses it
  }
}

resource "azurerm_postgresql_flexible_server_database" "main" {
  for_each  = toset(["forecast", "mlflow"])
  name      = each.key
  server_id = azurerm_postgresql_flexible_server.main.id
  charset   = "UTF8"
  collation = "en_US.utf8"
}

resource "azurerm_postgresql_flexible_server_configuration" "main" {
  for_each  = { log_checkpoints = "on", log_connections = "on", "connection_throttle.enable" = "on" }
  name      = each.key
  server_id = azurerm_postgresql_flexible_server.main.id
  value     = each.value
}
