# What must be refused before anything is built. Run with `make terraform` (offline, against the provider's schema) or `terraform test` (with the real provider, signed in).
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

run "refuses_subscription_id" {
  command = plan
  variables {
    subscription_id = "my subscription"
  }
  expect_failures = [var.subscription_id]
}

run "refuses_tenant_id" {
  command = plan
  variables {
    tenant_id = "contoso.com"
  }
  expect_failures = [var.tenant_id]
}

run "refuses_sign_in_client_id" {
  command = plan
  variables {
    sign_in_client_id = "app"
  }
  expect_failures = [var.sign_in_client_id]
}

run "refuses_name_1" {
  command = plan
  variables {
    name = "Archive-Forecast"
  }
  expect_failures = [var.name]
}

run "refuses_name_2" {
  command = plan
  variables {
    name = "ab"
  }
  expect_failures = [var.name]
}

run "refuses_name_3" {
  command = plan
  variables {
    name = "elevenchars"
  }
  expect_failures = [var.name]
}

run "refuses_environment" {
  command = plan
  variables {
    environment = "production"
  }
  expect_failures = [var.environment]
}

run "refuses_location" {
  command = plan
  variables {
    location = "West Europe"
  }
  expect_failures = [var.location]
}

run "refuses_image_tag" {
  command = plan
  variables {
    image_tag = "a b"
  }
  expect_failures = [var.image_tag]
}

run "refuses_plan_sku_1" {
  command = plan
  variables {
    plan_sku = "F1"
  }
  expect_failures = [var.plan_sku]
}

run "refuses_plan_sku_2" {
  command = plan
  variables {
    plan_sku = "B1"
  }
  expect_failures = [var.plan_sku]
}

run "refuses_instances_1" {
  command = plan
  variables {
    instances = 0
  }
  expect_failures = [var.instances]
}

run "refuses_instances_2" {
  command = plan
  variables {
    instances = 1.5
  }
  expect_failures = [var.instances]
}

run "refuses_instances_3" {
  command = plan
  variables {
    instances = 11
  }
  expect_failures = [var.instances]
}

run "refuses_session_secret" {
  command = plan
  variables {
    session_secret = "short"
  }
  expect_failures = [var.session_secret]
}

run "refuses_github_repository" {
  command = plan
  variables {
    github_repository = "https://github.com/someone/archive-forecast"
  }
  expect_failures = [var.github_repository]
}

run "refuses_storage_redundancy" {
  command = plan
  variables {
    storage_redundancy = "NOPE"
  }
  expect_failures = [var.storage_redundancy]
}

run "refuses_database_password" {
  command = plan
  variables {
    database_password = "short"
  }
  expect_failures = [var.database_password]
}

run "refuses_database_sku" {
  command = plan
  variables {
    database_sku = "Standard_B1ms"
  }
  expect_failures = [var.database_sku]
}

run "refuses_backup_days_1" {
  command = plan
  variables {
    backup_days = 6
  }
  expect_failures = [var.backup_days]
}

run "refuses_backup_days_2" {
  command = plan
  variables {
    backup_days = 36
  }
  expect_failures = [var.backup_days]
}

run "refuses_training_vm_size" {
  command = plan
  variables {
    training_vm_size = "DS2"
  }
  expect_failures = [var.training_vm_size]
}

run "refuses_alert_email" {
  command = plan
  variables {
    alert_email = "nobody"
  }
  expect_failures = [var.alert_email]
}

run "refuses_model_age_days" {
  command = plan
  variables {
    model_age_days = 0
  }
  expect_failures = [var.model_age_days]
}

run "refuses_monthly_budget" {
  command = plan
  variables {
    monthly_budget = 0
  }
  expect_failures = [var.monthly_budget]
}

run "refuses_budget_start_1" {
  command = plan
  variables {
    budget_start = "2027-13"
  }
  expect_failures = [var.budget_start]
}

run "refuses_budget_start_2" {
  command = plan
  variables {
    budget_start = "2027-01-15"
  }
  expect_failures = [var.budget_start]
}
