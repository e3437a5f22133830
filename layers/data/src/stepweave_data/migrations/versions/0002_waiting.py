"""Waiting: steps that wait for a task token, who decided what, and node runs by iteration.

`record_events` is made anew: it knows iterations, `node.waiting`, and opens and closes the rows of `waits`.
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what waiting needs."""
    for name in ("tables", "record"):
        op.execute(Path(__file__).with_name(f"0002_{name}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it away again: of each node the latest iteration stays."""
    op.execute(Path(__file__).with_name("0002_down.sql").read_text(encoding="utf-8"))
    op.execute(Path(__file__).with_name("0001_record.sql").read_text(encoding="utf-8"))
