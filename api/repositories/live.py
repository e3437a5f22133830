"""What is live in each environment: the view `workflow_live` (ADR 65), which whoever asks what runs looks at."""

from typing import Final

from sqlalchemy import column, table

LIVE: Final = table("workflow_live", column("workflow_id"), column("environment"), column("version"), column("enabled"))
"""A row for each workflow and environment in which a version of it is live; of deleted workflows none."""
