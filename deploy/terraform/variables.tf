# ── who and where ────────────────────────────────────────────────────────────────────────────────────────────────
variable "subscription_id" {
  description = "Subscription that pays."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "A subscription id is a GUID in small letters, as `az account show --query id` prints it."
  }
}

variable "name" {
  description = "First part of every name; with the environment it must be free world-wide (registry, storage, key vault)."
  type        = string
  default     = "afcast"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,9}$", var.name))
    error_message = "3 to 10 small letters and digits, a letter first: storage accounts and registries allow no more."
  }
}

variable "environment" {
  description = "Second part of every name."
  type        = string
  default     = "prod"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,5}$", var.environment))
    error_message = "2 to 6 small letters and digits, a letter first, such as prod or test."
  }
}

variable "location" {
  description = "Region of everything; it must offer App Service, Functions Flex Consumption and Azure Machine Learning."
  type        = string
  default     = "westeurope"
  validation {
    condition     = can(regex("^[a-z]+[0-9]?$", var.location))
    error_message = "The short name of a region, such as westeurope (`az account list-locations --query '[].name'`)."
  }
}

variable "destroy_leaves_nothing" {
  description = "Whether `terraform destroy` also purges what Azure would keep for recovery. Off guards a production vault."
  type        = bool
  default     = false
}

# ── the app ──────────────────────────────────────────────────────────────────────────────────────────────────────
variable "image_tag" {
  description = "Tag of the first image; later ones are set by the deployment, which Terraform leaves alone."
  type        = string
  default     = "latest"
  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag))
    error_message = "A tag has letters, digits, dots, dashes and underscores."
  }
}

variable "plan_sku" {
  description = "Size of the App Service plan. Slots need at least Standard; P0v3 has 1 core and 4 GB."
  type        = string
  default     = "P0v3"
  validation {
    condition     = contains(["S1", "S2", "S3", "P0v3", "P1v3", "P2v3", "P3v3", "P1mv3", "P2mv3"], var.plan_sku)
    error_message = "A Standard or Premium v3 plan: Free and Basic have no slots, and the swap is the way back."
  }
}

variable "instances" {
  description = "Instances of the app. From two on App Service replaces a sick one."
  type        = number
  default     = 1
  validation {
    condition     = var.instances >= 1 && var.instances <= 10 && floor(var.instances) == var.instances
    error_message = "A whole number from 1 to 10."
  }
}

variable "session_secret" {
  description = "Signs the browser's cookies; the same on every instance. `openssl rand -base64 48`"
  type        = string
  sensitive   = true
  validation {
    condition     = length(var.session_secret) >= 32
    error_message = "At least 32 characters: `openssl rand -base64 48`."
  }
}

# ── who may enter ────────────────────────────────────────────────────────────────────────────────────────────────
variable "tenant_id" {
  description = "Entra tenant whose people sign in."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.tenant_id))
    error_message = "A tenant id is a GUID in small letters, as `az account show --query tenantId` prints it."
  }
}

variable "sign_in_client_id" {
  description = "Application (client) id of the app registration that people sign in to."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.sign_in_client_id))
    error_message = "An application id is a GUID in small letters."
  }
}

variable "github_repository" {
  description = "owner/name of the repository whose `production` environment may deploy, without any stored password."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github_repository))
    error_message = "owner/name, without https:// and .git."
  }
}

# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────
variable "storage_redundancy" {
  description = "Copies of the data sets and models."
  type        = string
  default     = "ZRS"
  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"], var.storage_redundancy)
    error_message = "LRS, ZRS, GRS, GZRS, RAGRS or RAGZRS."
  }
}

variable "database_password" {
  description = "Password of the database's administrator. `openssl rand -base64 33`"
  type        = string
  sensitive   = true
  validation {
    condition     = length(var.database_password) >= 20 && length(var.database_password) <= 128
    error_message = "20 to 128 characters: `openssl rand -base64 33`."
  }
}

variable "database_sku" {
  description = "Size of the PostgreSQL server."
  type        = string
  default     = "B_Standard_B1ms"
  validation {
    condition     = can(regex("^(B|GP|MO)_Standard_[A-Za-z0-9_]+$", var.database_sku))
    error_message = "Like B_Standard_B1ms or GP_Standard_D2ds_v5."
  }
}

variable "backup_days" {
  description = "How far back database and blobs can be restored, days."
  type        = number
  default     = 14
  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35
    error_message = "7 to 35 days, what PostgreSQL flexible server offers."
  }
}

# ── training ─────────────────────────────────────────────────────────────────────────────────────────────────────
variable "training_vm_size" {
  description = "Machine that trains; none runs while nothing trains."
  type        = string
  default     = "Standard_DS2_v2"
  validation {
    condition     = startswith(var.training_vm_size, "Standard_")
    error_message = "A size such as Standard_DS2_v2."
  }
}

# ── watch and money ──────────────────────────────────────────────────────────────────────────────────────────────
variable "alert_email" {
  description = "Where alarms and the budget's warnings go."
  type        = string
  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "An e-mail address."
  }
}

variable "model_age_days" {
  description = "Oldest model that raises no alarm, days."
  type        = number
  default     = 30
  validation {
    condition     = var.model_age_days >= 1 && var.model_age_days <= 400
    error_message = "1 to 400 days."
  }
}

variable "monthly_budget" {
  description = "Budget of the resource group per month, in the currency of the subscription."
  type        = number
  default     = 200
  validation {
    condition     = var.monthly_budget > 0
    error_message = "More than 0."
  }
}

variable "budget_start" {
  description = "First month of the budget, YYYY-MM; Azure refuses months that are over when the budget is made."
  type        = string
  validation {
    condition     = can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])$", var.budget_start))
    error_message = "YYYY-MM, such as 2027-01."
  }
}
