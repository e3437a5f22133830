"""Marks messages: read, flagged, of a category."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from functions.nodes.apps.microsoft.batching import MOST, batched
from functions.nodes.apps.microsoft.graph import IDS
from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import FieldNames

_UPDATE = RequestSpec(
    "PATCH",
    "/{mailbox*}/messages/{message}",
    headers=(("Prefer", IDS),),
    body={
        "isRead": "{isRead?}",
        "categories": "{labels?}",
        "flag": "{flagged?}",
        "importance": "{importanceNow?}",
    },
)


class Params(OfMessage):
    """Which message, and what becomes of it."""

    read: Literal["", "read", "unread"] = ui(
        "",
        title="Mark as",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "Leave it as it is"), ("read", "Read"), ("unread", "Unread")],
    )
    flag: Literal["", "flagged", "complete", "notFlagged"] = ui(
        "",
        title="Flag",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "Leave it as it is"), ("flagged", "Flagged"), ("complete", "Done"), ("notFlagged", "None")],
    )
    categories: FieldNames = ui(
        "",
        title="Categories",
        kind=Kind.TEXT,
        placeholder="Orders, Red category",
        help="With commas in between; they take the place of those that are there. Empty leaves those.",
        validate_default=True,
        max_length=50,
    )
    importance_now: Literal["", "low", "normal", "high"] = ui(
        "",
        title="Importance",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "Leave it as it is"), ("low", "Low"), ("normal", "Normal"), ("high", "High")],
        group="options",
    )


def together(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield the messages as they are then."""
    return batched(batch, _request, lambda params, message: dict(message or {}))


def _request(params: Params) -> tuple[RequestSpec, Mapping[str, Any]]:
    return _UPDATE, {
        "isRead": {"read": True, "unread": False}.get(params.read),
        "flagged": {"flagStatus": params.flag} if params.flag else None,
        "labels": params.categories,
    }


OPERATION = Operation(
    resource="message",
    name="update",
    label="Mark",
    summary="Marks a message as read or unread, flags it, or sets its categories.",
    params=Params,
    together=together,
    most=MOST,
    output_example=({"id": "AAMk1", "subject": "Order 7", "isRead": False},),
)
