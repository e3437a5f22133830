"""The base of what goes over the wire, and pages. The string under a field is its description (`api.describing`)."""

import base64
import json
import uuid
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from api import codes
from api.refusals import Refused
from stepweave.model.depth import cut_to

Row = TypeVar("Row")
_SHOWN_DEPTH: Final = 240
"""pydantic writes 255, and the answers around stored data have some."""

StoredJson = Annotated[dict[str, Any], BeforeValidator(lambda value: cut_to(value, _SHOWN_DEPTH))]
"""A stored object, whatever is in it: what lies too deep to be written is shown as `…`."""


class Schema(BaseModel):
    """CamelCase JSON; unknown keys are refused in requests."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        from_attributes=True,
        extra="forbid",
        serialize_by_alias=True,
    )


class Page(Schema, Generic[Row]):
    """A page of a list. `nextCursor` is there while more follow."""

    model_config = ConfigDict(json_schema_extra={"description": "A page of a list."})  # each has a class of its own

    items: list[Row]
    """The rows of this page."""
    next_cursor: str | None = None
    """What `cursor` takes for the next page; null on the last one."""


class Problems(Schema):
    """An RFC 9457 problem document."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)

    type: str
    """`about:blank`: the code says more than a URL would."""
    title: str
    """What the status means."""
    status: int
    """The HTTP status."""
    detail: str
    """What is wrong and what to do, for people."""
    instance: str
    """The path that was asked for."""
    code: str
    """Which refusal it is, for programs; stable."""
    errors: list[dict[str, str]] | None = None
    """The fields at fault: `field` and `message` each."""


def cursor(at: datetime, id: uuid.UUID) -> str:
    """Return the cursor behind a row."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(id)]).encode()).decode()


def read_cursor(text: str | None) -> tuple[datetime, uuid.UUID] | None:
    """Return the row that a cursor stands behind. Raises Refused (422) for one we did not give."""
    if text is None:
        return None
    try:
        at, id = _decoded(text)
        return datetime.fromisoformat(at), uuid.UUID(id)
    except (ValueError, TypeError, AttributeError):
        message = "This cursor is not one of ours; start from the first page."
        raise Refused(codes.INVALID_REQUEST, message, [{"field": "cursor", "message": message}]) from None


def _decoded(text: str) -> Any:
    """Return what a cursor holds. Raises ValueError."""
    try:
        return json.loads(base64.urlsafe_b64decode(text.encode()))
    except RecursionError:
        raise ValueError("nested") from None


def keyset(order: str, value: datetime | str, id: uuid.UUID) -> str:
    """Return the cursor behind a row of a list that is ordered by `order`."""
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([order, text, str(id)]).encode()).decode()


def read_keyset(text: str | None, order: str) -> tuple[str, uuid.UUID] | None:
    """Return the row that a cursor of a list in this order stands behind. Raises Refused (422) for any other cursor."""
    if text is None:
        return None
    try:
        given, value, id = _decoded(text)
        if given != order or not isinstance(value, str) or "\0" in value:
            raise ValueError(given)
        value.encode()  # a lone surrogate is no text for Postgres
        if order != "name":
            datetime.fromisoformat(value)
        return value, uuid.UUID(id)
    except (ValueError, TypeError, AttributeError):
        message = "This cursor is not one of this list, in this order; start from the first page."
        raise Refused(codes.INVALID_REQUEST, message, [{"field": "cursor", "message": message}]) from None
