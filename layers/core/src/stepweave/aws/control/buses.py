"""EventBridge for what Stepweave tells others: events on the account's default bus."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from stepweave.aws.control.clients import aws_errors, client

AT_ONCE: Final = 10
"""PutEvents takes as many (EventBridge quotas)."""


def put_events(source: str, type: str, events: Sequence[tuple[datetime, Mapping[str, Any]]]) -> list[bool]:
    """Put at most `AT_ONCE` events, each with its moment, on the bus; return of each whether it was taken.

    Raises:
        AwsError: nothing is known of any of them; they may be put again.
    """
    entries = [
        {"Source": source, "DetailType": type, "Time": at, "Detail": json.dumps(detail, default=str)}
        for at, detail in events
    ]
    with aws_errors():
        told = client("events").put_events(Entries=entries)["Entries"]
    return ["ErrorCode" not in one for one in told]
