"""Lists of workflows: folders, tags, what a list shows without reading documents, and names that people may change.

`node_types` and `node_count` are generated from the document, so that no writer can forget them. A webhook's path of a
workflow that is switched off is told apart from one that nobody has.
"""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what the lists need."""
    op.execute(Path(__file__).with_name("0003_tables.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it away again: workflows lose their folders and tags."""
    op.execute(Path(__file__).with_name("0003_down.sql").read_text(encoding="utf-8"))
