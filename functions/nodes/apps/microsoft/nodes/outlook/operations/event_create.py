"""Makes an event."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import Event, InCalendar
from stepweave.spec.operations import Call, Operation, RequestSpec

_CREATE = RequestSpec("POST", "/{mailbox*}/{calendar*}/events", body="{made}")


class Params(Event, InCalendar):
    """The event."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the event. It has a transaction's ID: asked for again, Graph makes no second one."""
    from functions.nodes.apps.microsoft.nodes.outlook.calendars import event_of
    from stepweave.runtime.errors import ParameterInvalid

    for name, value in (("start", params.start), ("end", params.end)):
        if not value:
            raise ParameterInvalid(
                f"{name.capitalize()}: nothing is given.",
                "Write 2026-12-31T09:00:00.",
                details={"field": f"params.{name}"},
            )
    yield call.ask(_CREATE, made={**event_of(params), "transactionId": call.idempotency_key})


OPERATION = Operation(
    resource="event",
    name="create",
    label="Create",
    summary="Makes an event in a calendar, and invites people to it.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkE", "subject": "Talk", "start": {"dateTime": "2026-12-31T09:00:00"}},),
)
