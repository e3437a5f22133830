"""How many live workflows use a credential: those that are live in any environment, not in production only."""

from typing import Final

from alembic import op

revision = "0054"
down_revision = "0053"

_USED: Final = """
CREATE OR REPLACE FUNCTION credential_used(wanted uuid)
RETURNS TABLE (project_id uuid, workflows bigint, live bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.project_id, count(*), count(*) FILTER (WHERE {is_on})
  FROM workflows w {live}
  WHERE w.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND w.deleted_at IS NULL
    AND (w.names @> ARRAY[wanted] OR {is_live})
  GROUP BY w.project_id
$$
"""
_ANYWHERE: Final = {
    "live": """LEFT JOIN LATERAL (SELECT bool_or(l.enabled) AS enabled FROM workflow_live l
    JOIN workflow_versions v ON v.workflow_id = l.workflow_id AND v.number = l.version AND v.names @> ARRAY[wanted]
    WHERE l.workflow_id = w.id) live ON true""",
    "is_on": "live.enabled",
    "is_live": "live.enabled IS NOT NULL",
}
_PRODUCTION: Final = {
    "live": """LEFT JOIN workflow_versions v
    ON v.workflow_id = w.id AND v.number = w.published_version AND v.names @> ARRAY[wanted]""",
    "is_on": "v.id IS NOT NULL AND w.enabled",
    "is_live": "v.id IS NOT NULL",
}


def upgrade() -> None:
    """Look at every environment."""
    op.execute(_USED.format(**_ANYWHERE))


def downgrade() -> None:
    """Look at production."""
    op.execute(_USED.format(**_PRODUCTION))
