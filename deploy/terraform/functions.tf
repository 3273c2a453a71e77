# The API as Functions, and the timer of the monthly round. It costs nothing while nobody calls.
resource "azurerm_service_plan" "functions" {
  name                = "asp-${local.stem}-functions"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  os_type             = "Linux"
  sku_name            = "FC1"
  tags                = local.tags
}

resource "azurerm_function_app_flex_consumption" "main" {
  name                        = "func-${local.stem}"
  resource_group_name         = azurerm_resource_group.main.name
  location                    = azurerm_resource_group.main.location
  service_plan_id             = azurerm_service_plan.functions.id
  runtime_name                = "python"
  runtime_version             = "3.12"
  maximum_instance_count      = 40
  instance_memory_in_mb       = 2048
  https_only                  = true
  virtual_network_subnet_id   = azurerm_subnet.main["functions"].id
  storage_container_type      = "blobContainer"
  storage_container_endpoint  = "${azurerm_storage_account.main.primary_blob_endpoint}${azurerm_storage_container.main["functions"].name}"
  storage_authentication_type = "SystemAssignedIdentity"
  tags                        = local.tags

  webdeploy_publish_basic_authentication_enabled = false

  app_settings = {
    ARCHIVE_FORECAST_LOG_FORMAT   = "json"
    ARCHIVE_FORECAST_DATA_DIR     = "/tmp/archive-forecast"
    ARCHIVE_FORECAST_DATABASE_URL = local.reference["database-url"]
    MLFLOW_TRACKING_URI           = local.reference["tracking-uri"]
  }

  identity {
    type = "SystemAssigned"
  }

  site_config {
    minimum_tls_version                    = "1.2"
    http2_enabled                          = true
    application_insights_connection_string = azurerm_application_insights.main.connection_string
  }
}
