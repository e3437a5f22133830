"""Documents keep the order of their keys: `json` in place of `jsonb` where what was written must come back as it was.

`jsonb` puts keys in an order of its own, so fields of a request's body, of items and of nodes' parameters changed
places. The tables are rewritten, each under a lock. `record_events` is made anew: it takes events' data as texts, does
only what a batch asks for, and is planned for indexes (ADR 9).
"""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Change the columns and the function."""
    for name in ("tables", "record"):
        op.execute(Path(__file__).with_name(f"0007_{name}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Change them back: keys are in jsonb's order then."""
    op.execute(Path(__file__).with_name("0007_down.sql").read_text(encoding="utf-8"))
    op.execute(Path(__file__).with_name("0002_record.sql").read_text(encoding="utf-8"))
