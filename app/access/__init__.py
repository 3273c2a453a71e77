"""Who is at the door, and what they may do."""

from app.access.identity import NOBODY, ROLES, Identity, Role, RoleError

__all__ = ["NOBODY", "ROLES", "Identity", "Role", "RoleError"]
