# Run with `make terraform` (offline, against the provider's schema) or `terraform test` (with the real provider, signed in).
variables {
  subscription_id   = "11111111-1111-1111-1111-111111111111"
  tenant_id         = "22222222-2222-2222-2222-222222222222"
  sign_in_client_id = "33333333-3333-3333-3333-333333333333"
  github_repository = "someone/archive-forecast"
  alert_email       = "storage-team@example.com"
  budget_start      = "2027-01"
  session_secret    = "only-for-this-test-only-for-this-test"
  database_password = "p@ss/word:of#this?test"
}

run "plan_of_the_defaults" {
  command = plan

  assert {
    condition     = azurerm_storage_account.main.name == "stafcastprod" && length(azurerm_storage_account.main.name) <= 24
    error_message = "Storage accounts take 3 to 24 small letters and digits."
  }
  assert {
    condition     = !azurerm_storage_account.main.shared_access_key_enabled && !azurerm_storage_account.main.allow_nested_items_to_be_public
    error_message = "The data must not be reachable by a key or in public."
  }
  assert {
    condition     = alltrue([for container in azurerm_storage_container.main : container.container_access_type == "private"])
    error_message = "Every container is private."
  }
  assert {
    condition     = azurerm_storage_account.main.blob_properties[0].versioning_enabled
    error_message = "A model that was overwritten must come back."
  }
  assert {
    condition     = !azurerm_container_registry.main.admin_enabled && !azurerm_postgresql_flexible_server.main.public_network_access_enabled
    error_message = "No registry password, no public database."
  }
  assert {
    condition = alltrue([for app in [azurerm_linux_web_app.main, azurerm_linux_web_app_slot.next] : (
      app.https_only && app.client_affinity_enabled
      && app.site_config[0].websockets_enabled && app.site_config[0].always_on
      && app.site_config[0].health_check_path == "/health"
      && app.auth_settings_v2[0].require_authentication && app.auth_settings_v2[0].excluded_paths == tolist(["/health"])
      && !app.ftp_publish_basic_authentication_enabled && !app.webdeploy_publish_basic_authentication_enabled
    )])
    error_message = "Both slots need sign-in, affinity, sockets and the health check, and no password for publishing."
  }
  assert {
    condition     = toset(keys(azurerm_monitor_scheduled_query_rules_alert_v2.main)) == toset(["error-rate", "slow", "old-model", "drift", "silent"])
    error_message = "Five alarms; docs/deployment.md tells what to do with each."
  }
  assert {
    condition     = azurerm_monitor_scheduled_query_rules_alert_v2.main["old-model"].criteria[0].threshold == 30
    error_message = "A model older than 30 days rings."
  }
  assert {
    condition     = azurerm_machine_learning_compute_cluster.training.scale_settings[0].min_node_count == 0
    error_message = "No machine runs while nothing trains."
  }
  assert {
    condition     = azurerm_federated_identity_credential.github.subject == "repo:someone/archive-forecast:environment:production"
    error_message = "Only the production environment of this repository may deploy."
  }
  assert {
    condition     = !contains([for grant in azurerm_role_assignment.main : grant.role_definition_name], "Owner") && !contains([for grant in azurerm_role_assignment.main : grant.role_definition_name], "Contributor")
    error_message = "No identity owns more than it needs."
  }
  assert {
    condition     = azurerm_consumption_budget_resource_group.main.time_period[0].start_date == "2027-01-01T00:00:00Z"
    error_message = "A budget starts on the first of a month."
  }
}

run "applied" {
  command = apply

  assert {
    condition     = azurerm_linux_web_app.main.app_settings["WEBSITES_PORT"] == azurerm_linux_web_app.main.app_settings["PORT"]
    error_message = "App Service must ask the port that the container listens on."
  }
  assert {
    condition     = azurerm_linux_web_app.main.app_settings["WEBSITES_ENABLE_APP_SERVICE_STORAGE"] == "false" && azurerm_linux_web_app.main.app_settings["WEBSITE_WARMUP_STATUSES"] == "200"
    error_message = "No shared /home, and a sign-in page is no warm app."
  }
  assert {
    condition     = alltrue([for name in ["ARCHIVE_FORECAST_DATABASE_URL", "ARCHIVE_FORECAST_SECRET", "MLFLOW_TRACKING_URI", "STREAMLIT_SERVER_COOKIE_SECRET"] : startswith(azurerm_linux_web_app.main.app_settings[name], "@Microsoft.KeyVault(SecretUri=")])
    error_message = "Secrets are references, never values."
  }
  assert {
    condition     = alltrue([for app in [azurerm_linux_web_app.main, azurerm_linux_web_app_slot.next] : app.app_settings["ARCHIVE_FORECAST_SIGN_IN"] == "easyauth"])
    error_message = "Without a way to sign in the app answers its own machine only."
  }
  assert {
    condition     = strcontains(azurerm_key_vault_secret.main["database-url"].value, "forecast:p%40ss%2Fword%3Aof%23this%3Ftest@") && endswith(azurerm_key_vault_secret.main["database-url"].value, "/forecast?sslmode=require")
    error_message = "Any password must survive in the address."
  }
  assert {
    condition     = azurerm_key_vault_secret.main["tracking-uri"].value != azurerm_key_vault_secret.main["database-url"].value
    error_message = "MLflow has a database of its own."
  }
  assert {
    condition     = alltrue([for name in ["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId"] : strcontains(azurerm_resource_group_template_deployment.functions.template_content, name)])
    error_message = "The host of the Functions enters its storage with its identity: the account, how, and as who."
  }
  assert {
    condition     = !strcontains(azurerm_resource_group_template_deployment.functions.template_content, "\"AzureWebJobsStorage\"") && !strcontains(azurerm_resource_group_template_deployment.functions.template_content, "AccountKey")
    error_message = "A connection string beside the identity stops the host."
  }
  assert {
    condition     = length([for part in jsondecode(azurerm_resource_group_template_deployment.functions.template_content).resources : part if part.type == "Microsoft.Web/sites/basicPublishingCredentialsPolicies" && !try(part.properties.allow, true)]) == 2
    error_message = "No password deploys the Functions."
  }
  assert {
    condition     = toset(keys(output.github_variables)) == toset(["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID", "RESOURCE_GROUP", "REGISTRY", "WEB_APP", "FUNCTION_APP", "ML_WORKSPACE"])
    error_message = "The workflows read these variables."
  }
}
