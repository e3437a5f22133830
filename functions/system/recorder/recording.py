"""What the recorder does with a batch of messages: history first, live second, and order kept per execution."""

import json
import sys
from typing import Any, Protocol

import psycopg

from stepweave.model.events import EventBatch
from stepweave.runtime.events import batch_of
from stepweave_data.history.store import History, Recorded


class Push(Protocol):
    """Tells who watches."""

    def push(self, tenant_id: str, recorded: Recorded) -> None:
        """Push what was recorded. Must not raise: the history is written, and watchers catch up by themselves."""


class Recorder:
    """Takes batches of SQS records."""

    def __init__(self, history: History, push: Push) -> None:
        self._history = history
        self._push = push

    def take(self, records: list[dict[str, Any]]) -> list[str]:
        """Record `records` and return the ids of the messages that must be delivered again.

        When a message fails, so do all later ones of its execution, so that its events stay in order.
        """
        tenants, failed = _by_tenant(records)
        for tenant_id, entries in tenants.items():
            failed |= self._record(tenant_id, entries)
        groups = {_group(record) for record in records if record["messageId"] in failed}
        late = _behind(records, failed, groups)
        return [record["messageId"] for record in records if record["messageId"] in failed | late]

    def _record(self, tenant_id: str, entries: list[tuple[str, EventBatch]]) -> set[str]:
        try:
            recorded = self._history.record(tenant_id, [batch for _, batch in entries])
        except psycopg.OperationalError as error:
            _log("not recorded, will come again", tenant=tenant_id, error=str(error))
            return {message for message, _ in entries}
        except psycopg.Error as error:
            if len(entries) == 1:
                _log("cannot be recorded", tenant=tenant_id, messageId=entries[0][0], error=str(error))
                return {entries[0][0]}
            # One of them is at fault: record them one by one, so that the others get through.
            return set().union(*(self._record(tenant_id, [entry]) for entry in entries))
        self._push.push(tenant_id, recorded)
        return set()


def _by_tenant(records: list[dict[str, Any]]) -> tuple[dict[str, list[tuple[str, EventBatch]]], set[str]]:
    tenants: dict[str, list[tuple[str, EventBatch]]] = {}
    failed: set[str] = set()
    for record in records:
        try:
            batch = batch_of(record["body"])
            tenants.setdefault(batch["context"]["tenantId"], []).append((record["messageId"], batch))
        except (ValueError, KeyError, TypeError) as error:
            _log("malformed message", messageId=record["messageId"], error=repr(error))
            failed.add(record["messageId"])
    return tenants, failed


def _behind(records: list[dict[str, Any]], failed: set[str], groups: set[str]) -> set[str]:
    """Return the messages that stand behind a failed one of their group."""
    seen: set[str] = set()
    late: set[str] = set()
    for record in records:
        group = _group(record)
        if record["messageId"] in failed:
            seen.add(group)
        elif group in groups and group in seen:
            late.add(record["messageId"])
    return late


def _group(record: dict[str, Any]) -> str:
    group: str = record.get("attributes", {}).get("MessageGroupId", record["messageId"])
    return group


def _log(message: str, **fields: Any) -> None:
    print(json.dumps({"level": "ERROR", "message": message, **fields}), file=sys.stderr)  # noqa: T201  # CloudWatch
