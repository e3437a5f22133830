"""Says which records are new, or were changed: asks for those since the last time, and a little before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.nodes.apps.airtable.formulas import name_of, time_of
from functions.nodes.apps.airtable.listing import records_in
from functions.nodes.apps.airtable.spec import APP
from functions.nodes.apps.airtable.triggers.records.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.operations import asking
from stepweave.runtime.polling import Poll, Thing, only_new, params_of, watched_of
from stepweave.spec.operations import RequestSpec
from stepweave.spec.triggers import MOST_LISTED

OVERLAP: Final = timedelta(minutes=2)
"""So long a record may take until lists have it."""
MOST_READ: Final = 10 * MOST_LISTED
"""Records of one poll; lists by creation come in no order, so all must be read to find the oldest."""

now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - tests set the clock


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the table."""
    params = params_of(asked, Params)
    if params.event == "changed" and not params.changed_at:
        raise ParameterInvalid(
            "Last modified field: none is chosen.",
            "Choose one; the table needs a field of type Last modified time.",
            details={"field": "params.changedAt"},
        )
    given = Poll.of(asked.given)
    watched = watched_of(params.base, params.table, params.event, params.changed_at, params.view, params.formula)
    since = _time((given.known(watched) or {}).get("since")) or now()
    is_seen = given.seen(watched)
    found = _found(asked, params, None if given.is_sample else since - OVERLAP, given.limit)
    found.sort(key=lambda one: one[0])
    fresh = [one for one in found if not is_seen(one[1].key)]
    listed = fresh[-MOST_LISTED:] if given.is_sample else fresh[:MOST_LISTED]
    news = only_new(given, [thing for _, thing in listed], watched)
    # While not all were given, the next poll begins where this one did: what was given is known by then.
    whole = len(listed) == len(fresh) and not news.more
    newest = max((moment for moment, _ in found), default=since) if whole else since
    answer = news.answer(since=max(since, newest).isoformat())
    return answer if whole or given.is_sample else {**answer, "more": True}


def _found(asked: Asked, params: Params, since: datetime | None, sample: int) -> list[tuple[datetime, Thing]]:
    """Return the records since a time, each with its own; some that are there for a sample."""
    field = name_of(params.changed_at) if params.event == "changed" else "CREATED_TIME()"
    newer = f"NOT(IS_BEFORE({field},{time_of(since)}))" if since else ""
    formula = f"AND({newer},{params.formula.strip()})" if newer and params.formula.strip() else ""
    values = {
        "base": params.base,
        "table": params.table,
        "view": params.view,
        "formula": formula or newer or params.formula.strip(),
        "sort": [{"field": params.changed_at, "direction": "asc" if since else "desc"}] if params.changed_at else [],
    }

    def ask(request: RequestSpec, **more: Any) -> Any:
        return asking(APP, asked, str(asked.param("credential") or ""), request, more).answer().body

    most = MOST_READ if since else sample
    return [_dated(record, params) for record in records_in(ask, most, **values)]


def _dated(record: dict[str, Any], params: Params) -> tuple[datetime, Thing]:
    """Return a record with the time that counts; a change is known by record and time."""
    id, created = str(record.get("id", "")), str(record.get("createdTime", ""))
    changed = record.get("fields", {}).get(params.changed_at) if params.event == "changed" else ""
    moment = _time(changed or created) or datetime.min.replace(tzinfo=UTC)
    return moment, Thing(f"{id} {changed}" if changed else id, record)


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
