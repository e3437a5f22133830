"""Alerts: rules, what they found, what is to be said of it, and what a tenant shows of itself (ADR 73)."""

from pathlib import Path
from typing import Final

from alembic import op

revision = "0055"
down_revision = "0054"

_OPEN: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table} TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON {table} TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO stepweave_app;
"""
_ANY: Final = "coalesce(current_setting('app.projects', true), '') = ''"
_SEEN: Final = {
    "alert_ends": "workflow_id IN (SELECT id FROM workflows)",
    "alert_health": "workflow_id IN (SELECT id FROM workflows)",
    "alert_rules": "workflow_id IN (SELECT id FROM workflows) "
    "OR project_id = ANY (nullif(current_setting('app.projects', true), '')::uuid[])",
    "alerts": "workflow_id IN (SELECT id FROM workflows) OR credential_id IN (SELECT id FROM credentials)",
    "alert_deliveries": "rule_id IN (SELECT id FROM alert_rules)",
}
"""What somebody sees who does not see all projects: what is about workflows and credentials that they see. Rules over
all of the tenant's, and alerts about its budget, are for those who see all."""
_TABLES: Final = (*_SEEN, "status_pages")


def upgrade() -> None:
    """Add the tables and what fills them."""
    op.execute(Path(__file__).with_name("0055_alerts.sql").read_text(encoding="utf-8"))
    for table in _TABLES:
        op.execute(_OPEN.format(table=table))
    for table, seen in _SEEN.items():
        op.execute(f"CREATE POLICY project ON {table} AS RESTRICTIVE TO stepweave_app USING ({_ANY} OR {seen})")


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TRIGGER noted ON rolled_executions; DROP TRIGGER noted_again ON rolled_executions")
    op.execute("DROP VIEW alert_scopes")
    op.execute("DROP FUNCTION note_ends(), alerting_tenants(integer), sweep_alerts(integer), public_status(bytea)")
    op.execute("DROP TABLE status_pages, alert_deliveries, alerts, alert_rules, alert_health, alert_ends")
