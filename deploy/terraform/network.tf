# One small network: the database answers only inside it.
resource "azurerm_virtual_network" "main" {
  name                = "vnet-${local.stem}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.20.0.0/22"]
  tags                = local.tags
}

locals {
  subnets = {
    web       = { range = "10.20.0.0/24", delegate = "Microsoft.Web/serverFarms" }
    functions = { range = "10.20.1.0/24", delegate = "Microsoft.App/environments" }
    database  = { range = "10.20.2.0/24", delegate = "Microsoft.DBforPostgreSQL/flexibleServers" }
  }
}

resource "azurerm_subnet" "main" {
  for_each             = local.subnets
  name                 = each.key
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [each.value.range]

  delegation {
    name = each.key
    service_delegation {
      name    = each.value.delegate
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_network_security_group" "main" {
  for_each            = local.subnets
  name                = "nsg-${local.stem}-${each.key}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_subnet_network_security_group_association" "main" {
  for_each                  = local.subnets
  subnet_id                 = azurerm_subnet.main[each.key].id
  network_security_group_id = azurerm_network_security_group.main[each.key].id
}

resource "azurerm_private_dns_zone" "database" {
  name                = "${local.stem}.postgres.database.azure.com"
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
}

# A template, because azurerm 4 and 5 ask for different arguments of azurerm_private_dns_zone_virtual_network_link.
resource "azurerm_resource_group_template_deployment" "database_name" {
  name                = "database-name"
  resource_group_name = azurerm_resource_group.main.name
  deployment_mode     = "Incremental"
  template_content = jsonencode({
    "$schema"      = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    contentVersion = "1.0.0.0"
    resources = [{
      type       = "Microsoft.Network/privateDnsZones/virtualNetworkLinks"
      apiVersion = "2020-06-01"
      name       = "${azurerm_private_dns_zone.database.name}/vnet"
      location   = "global"
      properties = {
        registrationEnabled = false
        virtualNetwork      = { id = azurerm_virtual_network.main.id }
      }
    }]
  })
}
