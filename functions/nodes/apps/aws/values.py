"""What AWS's services for messages and events share: bodies, attributes, and calls with several entries."""

import base64
import binascii
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from functions.nodes.apps.aws import service as calls
from functions.nodes.apps.aws.service import Service, refused
from functions.nodes.apps.aws.specs import Attribute
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import NodeError, ParameterInvalid

E = TypeVar("E")
Gave = Mapping[str, Any] | NodeError
"""What came of an entry: the service's answer, or why it failed."""
AGAIN: Final = frozenset(
    {
        "ThrottlingException",
        "Throttling",
        "InternalFailure",
        "InternalException",
        "InternalError",
        "ServiceUnavailable",
        "KMSThrottled",
        "RequestThrottled",
    }
)
"""Codes of entries that are sent again."""


def attributes_of(rows: Sequence[Attribute]) -> dict[str, Any] | None:
    """Return attributes as SQS and SNS take them; None where there are none.

    Raises:
        ParameterInvalid: a value does not fit its type.
    """
    made: dict[str, Any] = {}
    for row in rows:
        value = text_of(row.value)
        if row.name in made:
            raise _wrong(row.name, "stands there twice")
        if row.type == "Binary":
            try:
                made[row.name] = {"DataType": "Binary", "BinaryValue": base64.b64decode(value, validate=True)}
            except (ValueError, binascii.Error):
                raise _wrong(row.name, "is no Base64") from None
        else:
            made[row.name] = {"DataType": row.type, "StringValue": value}
    return made or None


def text_of(value: Any) -> str:
    """Return a value as a body: text as it is, a number as its text, other data as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return scalar_text(value)
    return json.dumps(value, ensure_ascii=False)


def in_batches(entries: Sequence[E], size_of: Callable[[E], int], *, most: int, most_bytes: int) -> Iterator[list[E]]:
    """Yield entries in batches of at most so many, and so many bytes; what is larger alone goes alone."""
    batch: list[E] = []
    size = 0
    for entry in entries:
        one = size_of(entry)
        if batch and (len(batch) == most or size + one > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += one
    if batch:
        yield batch


def send_batch(
    service: Service,
    operation: str,
    action: str,
    request: Mapping[str, Any],
    entries: Sequence[Mapping[str, Any]],
    *,
    key: str,
    about: str,
    field: str,
) -> list[Gave]:
    """Make a call with several entries (`Id`), and return what came of each; those that AWS failed at are sent again.

    Args:
        service: the service.
        operation: its batch operation.
        action: what IAM calls it: `sqs:SendMessage`.
        request: besides the entries.
        entries: without their ids.
        key: the name of the entries in the request.
        about: what they go to, for errors.
        field: the parameter that names that.

    Raises:
        NodeError: of all entries at once.
    """
    given: list[Gave] = [{} for _ in entries]
    left = list(range(len(entries)))
    for pause in (*calls.PAUSES, None):
        sent = [{**entries[index], "Id": str(index)} for index in left]
        answer = service.call(operation, about, field=field, **request, **{key: sent})
        for one in answer.get("Successful", []):
            given[int(one["Id"])] = one
        again: list[int] = []
        for one in answer.get("Failed", []):
            index = int(one["Id"])
            told = {"Error": {"Code": one.get("Code"), "Message": one.get("Message")}}
            given[index] = refused(told, action, about, service.account.region, field)
            again += [index] if one.get("Code") in AGAIN else []
        left = again
        if not left or pause is None or not waited(service, pause):
            return given
    return given


def waited(service: Service, pause: float) -> bool:
    """Wait before something is sent again. Return whether there was time."""
    wait = pause * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
    if time.monotonic() + wait >= service.account.deadline:
        return False
    time.sleep(wait)
    return True


def _wrong(name: str, words: str) -> ParameterInvalid:
    return ParameterInvalid(f"The attribute {name} {words}.", "Change it.", details={"field": "params.attributes"})
