# Names, and the group that holds everything: delete it and nothing is left.
locals {
  stem    = "${var.name}-${var.environment}"
  compact = "${var.name}${var.environment}"
  image   = "archive-forecast"
  tags = {
    product     = "archive-forecast"
    environment = var.environment
    made_by     = "terraform"
  }
}

data "azurerm_client_config" "me" {}

resource "azurerm_resource_group" "main" {
  name     = "rg-${local.stem}"
  location = var.location
  tags     = local.tags
}
