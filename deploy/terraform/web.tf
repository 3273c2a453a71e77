# The app: one container, one port, behind Entra sign-in; a second slot to try a release on and to go back to.
resource "azurerm_service_plan" "web" {
  name                = "asp-${local.stem}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  os_type             = "Linux"
  sku_name            = var.plan_sku
  worker_count        = var.instances
  tags                = local.tags
}

locals {
  health         = "/health"
  shared_storage = "${azurerm_storage_account.main.primary_blob_endpoint}${azurerm_storage_container.main["data"].name}"
  app_settings = {
    WEBSITES_PORT                         = "8501"
    PORT                                  = "8501"
    WEBSITES_ENABLE_APP_SERVICE_STORAGE   = "false"
    WEBSITES_CONTAINER_START_TIME_LIMIT   = "230"
    WEBSITES_CONTAINER_STOP_TIME_LIMIT    = "30"
    WEBSITE_WARMUP_PATH                   = local.health
    WEBSITE_WARMUP_STATUSES               = "200"
    WEBSITE_SWAP_WARMUP_PING_PATH         = local.health
    WEBSITE_SWAP_WARMUP_PING_STATUSES     = "200"
    WEBSITE_HEALTHCHECK_MAXPINGFAILURES   = "5"
    WEBSITE_AUTH_AAD_ALLOWED_TENANTS      = var.tenant_id
    APPLICATIONINSIGHTS_CONNECTION_STRING = azurerm_application_insights.main.connection_string
    AZURE_CLIENT_ID                       = azurerm_user_assigned_identity.web.client_id
    ARCHIVE_FORECAST_LOG_FORMAT           = "json"
    ARCHIVE_FORECAST_SHARED_STORAGE       = local.shared_storage
    ARCHIVE_FORECAST_DATABASE_URL         = local.reference["database-url"]
    MLFLOW_TRACKING_URI                   = local.reference["tracking-uri"]
    ARCHIVE_FORECAST_PUBLIC_URL           = "https://app-${local.stem}.azurewebsites.net"
    ARCHIVE_FORECAST_SIGN_IN              = "easyauth"
    ARCHIVE_FORECAST_SECRET               = local.reference["session-secret"]
    STREAMLIT_SERVER_COOKIE_SECRET        = local.reference["session-secret"]

    # Sign-in without a client secret: the app registration trusts this identity (docs/deployment.md).
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID = azurerm_user_assigned_identity.web.client_id
  }
  reference = { for name, secret in azurerm_key_vault_secret.main : name => "@Microsoft.KeyVault(SecretUri=${secret.versionless_id})" }
}

resource "azurerm_linux_web_app" "main" {
  name                            = "app-${local.stem}"
  resource_group_name             = azurerm_resource_group.main.name
  location                        = azurerm_resource_group.main.location
  service_plan_id                 = azurerm_service_plan.web.id
  https_only                      = true
  client_affinity_enabled         = true # sessions and uploads live in the memory of one instance
  virtual_network_subnet_id       = azurerm_subnet.main["web"].id
  key_vault_reference_identity_id = azurerm_user_assigned_identity.web.id
  app_settings                    = local.app_settings
  tags                            = local.tags

  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.web.id]
  }

  site_config {
    always_on                                     = true
    websockets_enabled                            = true
    http2_enabled                                 = true
    ftps_state                                    = "Disabled"
    minimum_tls_version                           = "1.2"
    vnet_route_all_enabled                        = true
    health_check_path                             = local.health
    health_check_eviction_time_in_min             = 5
    container_registry_use_managed_identity       = true
    container_registry_managed_identity_client_id = azurerm_user_assigned_identity.web.client_id
    application_stack {
      docker_registry_url = "https://${azurerm_container_registry.main.login_server}"
      docker_image_name   = "${local.image}:${var.image_tag}"
    }
  }

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    require_https          = true
    unauthenticated_action = "RedirectToLoginPage"
    default_provider       = "azureactivedirectory"
    excluded_paths         = [local.health]
    active_directory_v2 {
      client_id                  = var.sign_in_client_id
      tenant_auth_endpoint       = "https://login.microsoftonline.com/${var.tenant_id}/v2.0"
      client_secret_setting_name = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
      allowed_audiences          = ["api://${var.sign_in_client_id}", var.sign_in_client_id]
    }
    login {
      token_store_enabled = true
    }
  }

  logs {
    detailed_error_messages = false
    failed_request_tracing  = false
    http_logs {
      file_system {
        retention_in_days = 7
        retention_in_mb   = 35
      }
    }
  }

  lifecycle {
    ignore_changes = [site_config[0].application_stack[0].docker_image_name] # set by each deployment
  }
}

resource "azurerm_linux_web_app_slot" "next" {
  name                            = "next"
  app_service_id                  = azurerm_linux_web_app.main.id
  https_only                      = true
  client_affinity_enabled         = true
  virtual_network_subnet_id       = azurerm_subnet.main["web"].id
  key_vault_reference_identity_id = azurerm_user_assigned_identity.web.id
  app_settings                    = local.app_settings
  tags                            = local.tags

  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.web.id]
  }

  site_config {
    always_on                                     = true
    websockets_enabled                            = true
    http2_enabled                                 = true
    ftps_state                                    = "Disabled"
    minimum_tls_version                           = "1.2"
    vnet_route_all_enabled                        = true
    health_check_path                             = local.health
    health_check_eviction_time_in_min             = 5
    container_registry_use_managed_identity       = true
    container_registry_managed_identity_client_id = azurerm_user_assigned_identity.web.client_id
    application_stack {
      docker_registry_url = "https://${azurerm_container_registry.main.login_server}"
      docker_image_name   = "${local.image}:${var.image_tag}"
    }
  }

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    require_https          = true
    unauthenticated_action = "RedirectToLoginPage"
    default_provider       = "azureactivedirectory"
    excluded_paths         = [local.health]
    active_directory_v2 {
      client_id                  = var.sign_in_client_id
      tenant_auth_endpoint       = "https://login.microsoftonline.com/${var.tenant_id}/v2.0"
      client_secret_setting_name = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
      allowed_audiences          = ["api://${var.sign_in_client_id}", var.sign_in_client_id]
    }
    login {
      token_store_enabled = true
    }
  }

  lifecycle {
    ignore_changes = [site_config[0].application_stack[0].docker_image_name]
  }
}

resource "azurerm_monitor_diagnostic_setting" "web" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_linux_web_app.main.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id
  dynamic "enabled_log" {
    for_each = ["AppServiceHTTPLogs", "AppServiceConsoleLogs", "AppServicePlatformLogs", "AppServiceAuditLogs"]
    content {
      category = enabled_log.value
    }
  }
}
