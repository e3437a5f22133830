"""Who signs in with a passkey comes to the workspace where they were last, as with a password."""

from typing import Final

from alembic import op

revision = "0039"
down_revision = "0038"

_USER: Final = """
CREATE OR REPLACE FUNCTION auth_user(wanted uuid) RETURNS TABLE (user_id uuid, email text, tenant_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT users.id, users.email, memberships.tenant_id, memberships.role
  FROM users JOIN memberships ON memberships.user_id = users.id
  JOIN tenants ON tenants.id = memberships.tenant_id
  WHERE users.id = wanted ORDER BY {order} LIMIT 1
$$
"""


def upgrade() -> None:
    """Take the workspace that was used last."""
    op.execute(_USER.format(order="memberships.used_at DESC NULLS LAST, tenants.created_at, tenants.id"))


def downgrade() -> None:
    """Take the oldest workspace."""
    op.execute(_USER.format(order="tenants.created_at"))
