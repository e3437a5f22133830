"""What is asked for in a list of messages, as OData says it."""

from datetime import UTC, datetime
from typing import Any

from functions.nodes.apps.microsoft.graph import literal
from stepweave.runtime.errors import ParameterInvalid

_ALWAYS = "1900-01-01T00:00:00Z"


def messages_asked_for(params: Any) -> dict[str, str]:
    """Return the query's `filter`, `order` and `search`, of which Graph takes no two at a time but the first two.

    What is ordered by must stand first in the filter, else Graph answers InefficientFilter.

    Raises:
        ParameterInvalid: the time is none.
    """
    if params.search:
        words = params.search.replace("\\", "").replace('"', '\\"')
        return {"search": f'"{words}"', "filter": "", "order": ""}
    conditions = []
    if params.sender:
        conditions.append(f"from/emailAddress/address eq {literal(params.sender.strip())}")
    if params.subject:
        conditions.append(f"contains(subject,{literal(params.subject)})")
    if params.unread:
        conditions.append("isRead eq false")
    if params.with_files:
        conditions.append("hasAttachments eq true")
    if params.filter:
        conditions.append(f"({params.filter})")
    since = _moment(params.since) if params.since else _ALWAYS
    if conditions or params.since:
        conditions.insert(0, f"receivedDateTime ge {since}")
    return {"search": "", "filter": " and ".join(conditions), "order": "receivedDateTime desc"}


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise ParameterInvalid(
            f"Received since: “{text.strip()[:60]}” is no date and time.",
            "Write 2026-11-30T09:00:00Z.",
            details={"field": "params.messageListSince"},
        ) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
