# Logs, alarms and the budget. What to do when one rings: docs/deployment.md.
resource "azurerm_log_analytics_workspace" "main" {
  name                = "log-${local.stem}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "PerGB2018"
  retention_in_days   = 30
  daily_quota_gb      = 1
  tags                = local.tags
}

resource "azurerm_application_insights" "main" {
  name                = "appi-${local.stem}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  workspace_id        = azurerm_log_analytics_workspace.main.id
  application_type    = "web"
  tags                = local.tags
}

resource "azurerm_monitor_action_group" "operators" {
  name                = "ag-${local.stem}"
  resource_group_name = azurerm_resource_group.main.name
  short_name          = substr(local.compact, 0, 12)
  tags                = local.tags

  email_receiver {
    name                    = "operators"
    email_address           = var.alert_email
    use_common_alert_schema = true
  }
}

locals {
  # Sockets stay open for hours; their duration is no latency.
  requests = "AppServiceHTTPLogs | where CsUriStem !startswith '/_stcore/stream'"
  events   = "AppServiceConsoleLogs | extend line = parse_json(ResultDescription)"

  alerts = {
    error-rate = {
      about     = "More than 2 % of at least 50 requests in 15 minutes failed."
      severity  = 1
      every     = "PT5M"
      window    = "PT15M"
      query     = "${local.requests} | summarize asked = count(), failed = countif(ScStatus >= 500) | where asked >= 50 | extend value = 100.0 * failed / asked"
      threshold = 2
    }
    slow = {
      about     = "One request in twenty took longer than 2 seconds in 15 minutes."
      severity  = 2
      every     = "PT5M"
      window    = "PT15M"
      query     = "${local.requests} | summarize asked = count(), value = percentile(TimeTaken, 95) | where asked >= 50 | project value"
      threshold = 2000
    }
    old-model = {
      about     = "A model that answers is older than ${var.model_age_days} days."
      severity  = 3
      every     = "P1D"
      window    = "P1D"
      query     = "${local.events} | where tostring(line.event) == 'model_age' | summarize value = max(todouble(line.days))"
      threshold = var.model_age_days
    }
    drift = {
      about     = "The watch raised an alarm: a forecast may no longer be true."
      severity  = 2
      every     = "PT1H"
      window    = "P1D"
      query     = "${local.events} | where tostring(line.event) == 'drift' | summarize value = max(todouble(line.open_alarms))"
      threshold = 0
    }
    silent = {
      about     = "The app wrote no line about itself for a day."
      severity  = 1
      every     = "P1D"
      window    = "P1D"
      query     = "${local.events} | where tostring(line.event) == 'alive' | summarize lines = count() | extend value = iff(lines == 0, 1, 0)"
      threshold = 0
    }
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "main" {
  for_each             = local.alerts
  name                 = "alert-${local.stem}-${each.key}"
  resource_group_name  = azurerm_resource_group.main.name
  location             = azurerm_resource_group.main.location
  description          = each.value.about
  severity             = each.value.severity
  scopes               = [azurerm_log_analytics_workspace.main.id]
  evaluation_frequency = each.value.every
  window_duration      = each.value.window
  tags                 = local.tags

  # The log tables exist only after the first line has come; the rule may be made before.
  skip_query_validation = true

  criteria {
    query                   = each.value.query
    metric_measure_column   = "value"
    time_aggregation_method = "Maximum"
    operator                = "GreaterThan"
    threshold               = each.value.threshold
  }

  action {
    action_groups = [azurerm_monitor_action_group.operators.id]
  }
}

resource "azurerm_consumption_budget_resource_group" "main" {
  name              = "budget-${local.stem}"
  resource_group_id = azurerm_resource_group.main.id
  amount            = var.monthly_budget
  time_grain        = "Monthly"

  time_period {
    start_date = "${var.budget_start}-01T00:00:00Z"
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 80
    threshold_type = "Actual"
    contact_emails = [var.alert_email]
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 100
    threshold_type = "Forecasted"
    contact_emails = [var.alert_email]
  }
}
