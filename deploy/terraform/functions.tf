# The API as Functions, and the timer of the monthly round. It costs nothing while nobody calls.
resource "azurerm_service_plan" "functions" {
  name                = "asp-${local.stem}-functions"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  os_type             = "Linux"
  sku_name            = "FC1"
  tags                = local.tags
}

locals {
  functions_name   = "func-${local.stem}"
  functions_id     = "${azurerm_resource_group.main.id}/providers/Microsoft.Web/sites/${local.functions_name}"
  functions_python = "3.12" # deploy/functions/requirements.txt is resolved for it
  functions_settings = {
    AZURE_CLIENT_ID                       = azurerm_user_assigned_identity.functions.client_id
    APPLICATIONINSIGHTS_CONNECTION_STRING = azurerm_application_insights.main.connection_string
    AzureWebJobsStorage__accountName      = azurerm_storage_account.main.name
    AzureWebJobsStorage__credential       = "managedidentity"
    AzureWebJobsStorage__clientId         = azurerm_user_assigned_identity.functions.client_id
    ARCHIVE_FORECAST_LOG_FORMAT           = "json"
    ARCHIVE_FORECAST_DATA_DIR             = "/tmp/archive-forecast"
    ARCHIVE_FORECAST_SHARED_STORAGE       = local.shared_storage
    ARCHIVE_FORECAST_TRAINING_SCHEDULE    = "https://management.azure.com${azurerm_machine_learning_workspace.main.id}/schedules/archive-forecast-monthly"
    ARCHIVE_FORECAST_PUBLIC_URL           = "https://${azurerm_linux_web_app.main.default_hostname}"
    ARCHIVE_FORECAST_DATABASE_URL         = local.reference["database-url"]
    MLFLOW_TRACKING_URI                   = local.reference["tracking-uri"]
  }
}

# A template, because azurerm_function_app_flex_consumption writes a setting AzureWebJobsStorage without a key beside the
# identity, on 4.73 as on 5.10, and the host then does not start (hashicorp/terraform-provider-azurerm#29693, #33211).
resource "azurerm_resource_group_template_deployment" "functions" {
  name                = "functions"
  resource_group_name = azurerm_resource_group.main.name
  deployment_mode     = "Incremental"
  depends_on          = [azurerm_role_assignment.functions]
  tags                = local.tags

  template_content = jsonencode({
    "$schema"      = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    contentVersion = "1.0.0.0"
    resources = [
      {
        type       = "Microsoft.Web/sites"
        apiVersion = "2024-04-01"
        name       = local.functions_name
        location   = azurerm_resource_group.main.location
        kind       = "functionapp,linux"
        tags       = local.tags
        identity = {
          type                   = "UserAssigned"
          userAssignedIdentities = { (azurerm_user_assigned_identity.functions.id) = {} }
        }
        properties = {
          serverFarmId              = azurerm_service_plan.functions.id
          httpsOnly                 = true
          virtualNetworkSubnetId    = azurerm_subnet.main["functions"].id
          keyVaultReferenceIdentity = azurerm_user_assigned_identity.functions.id
          siteConfig = {
            minTlsVersion = "1.2"
            http20Enabled = true
            appSettings   = [for name, value in local.functions_settings : { name = name, value = value }]
          }
          functionAppConfig = {
            runtime             = { name = "python", version = local.functions_python }
            scaleAndConcurrency = { maximumInstanceCount = 40, instanceMemoryMB = 2048 }
            deployment = {
              storage = {
                type  = "blobContainer"
                value = "${azurerm_storage_account.main.primary_blob_endpoint}${azurerm_storage_container.main["functions"].name}"
                authentication = {
                  type                           = "UserAssignedIdentity"
                  userAssignedIdentityResourceId = azurerm_user_assigned_identity.functions.id
                }
              }
            }
          }
        }
      },
      {
        type       = "Microsoft.Web/sites/basicPublishingCredentialsPolicies"
        apiVersion = "2024-04-01"
        name       = "${local.functions_name}/scm"
        dependsOn  = [local.functions_name]
        properties = { allow = false }
      },
      {
        type       = "Microsoft.Web/sites/basicPublishingCredentialsPolicies"
        apiVersion = "2024-04-01"
        name       = "${local.functions_name}/ftp"
        dependsOn  = [local.functions_name]
        properties = { allow = false }
      },
    ]
  })
}

# Apart from the rest: the app starts with them.
resource "azurerm_role_assignment" "functions" {
  for_each = {
    # what the host keeps (locks, schedules, keys) and what is deployed, beside the data
    "Storage Blob Data Owner"        = azurerm_storage_account.main.id
    "Storage Queue Data Contributor" = azurerm_storage_account.main.id
    "Storage Table Data Contributor" = azurerm_storage_account.main.id
    "Key Vault Secrets User"         = azurerm_key_vault.main.id
    "Monitoring Metrics Publisher"   = azurerm_application_insights.main.id
    "AzureML Data Scientist"         = azurerm_machine_learning_workspace.main.id # starts the pipeline where training is due
  }
  principal_id         = azurerm_user_assigned_identity.functions.principal_id
  role_definition_name = each.key
  scope                = each.value
}

resource "azurerm_role_assignment" "functions_deployment" {
  principal_id         = local.deployment
  role_definition_name = "Website Contributor"
  scope                = local.functions_id
  depends_on           = [azurerm_resource_group_template_deployment.functions]
}
