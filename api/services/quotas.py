"""Quotas: what the plan of a workspace allows, what is held and used, and what to say where there is no room.

What is held (workflows, credentials, ...) is counted by triggers within the transaction that adds to it, whoever does.
Executions are let in by whoever starts them, and metered as they are written down.
"""

from dataclasses import dataclass
from typing import Final

from api import codes
from api.refusals import Refused
from api.repositories.quotas import Held
from api.repositories.rows import Rows, rows_of
from api.services.tokens import Principal
from stepweave.model.sizes import size_text

_WORDS: Final = {
    "workflows": "workflows",
    "versions": "published versions of workflows",
    "machines": "compiled workflows",
    "credentials": "credentials",
    "schedules": "schedules",
    "webhooks": "webhooks",
    "members": "members",
    "apis": "APIs",
    "tables": "tables",
    "memories": "memories of talks",
    "entries": "keys in stores",
    "rows": "rows in tables",
    "executions": "executions in a month",
    "concurrent": "executions at once",
    "starts": "starts in a minute",
    "queue": "executions that wait",
}


@dataclass(frozen=True)
class Usage:
    """A workspace's plan, and what is held and used of what it allows."""

    plan: str
    held: list[Held]


def usage(principal: Principal) -> Usage:
    """Return what the workspace holds, and uses in this month (UTC)."""
    with rows_of(principal.tenant_id) as rows:
        return Usage(rows.quotas.plan(), rows.quotas.held())


def let_in(rows: Rows) -> None:
    """See that one more execution may begin in this month. Raises Refused (`quota_reached`)."""
    left = rows.quotas.executions_left()
    if left is not None and left <= 0:
        most = next(one.most for one in rows.quotas.held() if one.kind == "executions")
        raise Refused(codes.QUOTA_REACHED, words("executions", most or 0), kind="executions", most=most)


def words(kind: str, most: int) -> str:
    """Return what to say where there is no more room for a kind."""
    sizes = {"bytes": "of kept files", "stored": "in stores and tables"}
    what = f"{size_text(most)} {sizes[kind]}" if kind in sizes else f"{most:,} {_WORDS.get(kind, kind)}"
    again = "Wait for the next month" if kind == "executions" else "Delete what is not needed any more"
    return f"The plan of this workspace has room for {what}, and that many there are. {again}, or change the plan."
