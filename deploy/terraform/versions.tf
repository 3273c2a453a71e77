terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.73, < 6.0"
    }
  }

  # Where the state lies is said at `terraform init -backend-config=…` (README); it holds secrets, so it is never local in a team.
  backend "azurerm" {}
}

provider "azurerm" {
  subscription_id     = var.subscription_id
  storage_use_azuread = true # the account has no shared keys

  features {
    key_vault {
      purge_soft_delete_on_destroy = var.destroy_leaves_nothing
    }
    resource_group {
      prevent_deletion_if_contains_resources = false # Azure adds a few of its own
    }
    log_analytics_workspace {
      permanently_delete_on_destroy = var.destroy_leaves_nothing
    }
    machine_learning {
      purge_soft_deleted_workspace_on_destroy = var.destroy_leaves_nothing
    }
  }
}
