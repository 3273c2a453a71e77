# Who may do what. Nobody has a password; each identity has the least roles it can work with, on the smallest scope.
resource "azurerm_user_assigned_identity" "web" {
  name                = "id-${local.stem}-web"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_user_assigned_identity" "functions" {
  name                = "id-${local.stem}-functions"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_user_assigned_identity" "training" {
  name                = "id-${local.stem}-training"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_user_assigned_identity" "deployment" {
  name                = "id-${local.stem}-deployment"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_federated_identity_credential" "github" {
  name                      = "github-production"
  user_assigned_identity_id = azurerm_user_assigned_identity.deployment.id
  audience                  = ["api://AzureADTokenExchange"]
  issuer                    = "https://token.actions.githubusercontent.com"
  subject                   = "repo:${var.github_repository}:environment:production"
}

locals {
  web        = azurerm_user_assigned_identity.web.principal_id
  training   = azurerm_user_assigned_identity.training.principal_id
  deployment = azurerm_user_assigned_identity.deployment.principal_id

  roles = {
    web-image     = { who = local.web, role = "AcrPull", on = azurerm_container_registry.main.id }
    web-secrets   = { who = local.web, role = "Key Vault Secrets User", on = azurerm_key_vault.main.id }
    web-data      = { who = local.web, role = "Storage Blob Data Contributor", on = azurerm_storage_container.main["data"].id }
    web-telemetry = { who = local.web, role = "Monitoring Metrics Publisher", on = azurerm_application_insights.main.id }

    training-image = { who = local.training, role = "AcrPull", on = azurerm_container_registry.main.id }
    training-data  = { who = local.training, role = "Storage Blob Data Contributor", on = azurerm_storage_account.main.id } # what steps hand on lies in a container of the workspace

    deployment-image    = { who = local.deployment, role = "AcrPush", on = azurerm_container_registry.main.id }
    deployment-web      = { who = local.deployment, role = "Website Contributor", on = azurerm_linux_web_app.main.id }
    deployment-plan     = { who = local.deployment, role = "Reader", on = azurerm_service_plan.web.id }
    deployment-training = { who = local.deployment, role = "AzureML Data Scientist", on = azurerm_machine_learning_workspace.main.id }
  }
}

resource "azurerm_role_assignment" "main" {
  for_each             = local.roles
  principal_id         = each.value.who
  role_definition_name = each.value.role
  scope                = each.value.on
}

# Apart from the rest: the secrets wait for it, and the app for the secrets.
resource "azurerm_role_assignment" "operator" {
  for_each = {
    "Key Vault Secrets Officer"     = azurerm_key_vault.main.id
    "Storage Blob Data Contributor" = azurerm_storage_account.main.id
  }
  principal_id         = data.azurerm_client_config.me.object_id
  role_definition_name = each.key
  scope                = each.value
}
