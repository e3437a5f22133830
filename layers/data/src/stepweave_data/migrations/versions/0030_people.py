"""People: more roles and a tenant's own, invitations, persons in several tenants."""

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the tables, and what is asked across tenants."""
    _run("people")


def downgrade() -> None:
    """Take it away; operators and custom roles become viewers."""
    _run("down")


def _run(name: str) -> None:
    op.execute(Path(__file__).with_name(f"0030_{name}.sql").read_text(encoding="utf-8"))
