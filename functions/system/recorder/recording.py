"""What the recorder does with a batch of messages: history first, live second, and order kept per execution.

Last come those whom an execution's end concerns (`settling`): when they cannot be told now, the messages come again.

A message that cannot be recorded now (no database) holds back the rest of its execution, so that events stay in order;
SQS brings all of them again. One that never can be (malformed) holds nothing back: it comes again alone until the queue
moves it to the dead letters. Were its successors held back with it, their receive counts would rise with its own and
they would end among the dead letters too.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from stepweave.aws import AwsError
from stepweave.aws.passes import PassRefused
from stepweave.model.events import EventBatch
from stepweave_data.history.store import Recorded
from stepweave_data.telemetry import Metric, count, logger, used

Entry = tuple[str, EventBatch]
"""A message's id and content."""

_LATER = (psycopg.OperationalError, psycopg.InterfaceError)
_NEVER = (psycopg.Error, KeyError, TypeError, ValueError, AttributeError)
"""What a content that is no batch of events makes Postgres or the folding raise."""


class Record(Protocol):
    """Writes the history."""

    def record(self, tenant_id: str, batches: Sequence[EventBatch]) -> Recorded:
        """Record batches of one tenant. As `stepweave_data.history.store.History.record`."""


class Push(Protocol):
    """Tells who watches."""

    def push(self, tenant_id: str, recorded: Recorded) -> None:
        """Push what was recorded."""


class Settle(Protocol):
    """Tells other executions of ends."""

    def settle(self, tenant_id: str, recorded: Recorded) -> None:
        """As `functions.system.recorder.settling.Settler.settle`. Raises SettleLater."""


class SettleLater(Exception):
    """Somebody could not be told of an execution's end now. The same may work later."""


class Recorder:
    """Takes batches of SQS records. Without a settler other executions are told nothing.

    `bearer` checks whose a batch is (`stepweave_data.passes`); without it every batch is what it says.
    """

    def __init__(
        self,
        history: Record,
        push: Push,
        settler: Settle | None = None,
        bearer: Callable[[Any], object] | None = None,
    ) -> None:
        self._history = history
        self._push = push
        self._settler = settler
        self._bearer = bearer

    def take(self, records: Sequence[SQSRecord]) -> list[str]:
        """Record `records` and return the ids of the messages that must be delivered again, in their order."""
        tenants, failed = self._by_tenant(records)
        for tenant_id, entries in tenants.items():
            with _about(tenant_id, entries):
                failed |= self._all(tenant_id, entries)
        count(Metric.DONE, len(records) - len(failed))
        return [record.message_id for record in records if record.message_id in failed]

    def _by_tenant(self, records: Sequence[SQSRecord]) -> tuple[dict[str, list[Entry]], set[str]]:
        """Return the batches by tenant, and the messages that are to come again. Forged ones are gone: never again."""
        tenants: dict[str, list[Entry]] = {}
        failed: set[str] = set()
        for place, record in enumerate(records):
            try:
                batch: EventBatch = record.json_body
                if self._bearer is not None:
                    self._bearer(batch["context"])
                tenants.setdefault(batch["context"]["tenantId"], []).append((record.message_id, batch))
            except PassRefused:
                continue
            except (*_LATER, AwsError) as error:
                words = "whose events these are could not be checked, messages will come again"
                _log_later(words, len(records) - place, error)
                return tenants, failed | {left.message_id for left in records[place:]}
            except _NEVER as error:
                _log_never(record.message_id, error)
                failed.add(record.message_id)
        return tenants, failed

    def _all(self, tenant_id: str, entries: list[Entry]) -> set[str]:
        try:
            recorded = self._record(tenant_id, entries)
        except _LATER as error:
            _log_later("the database did not record, messages will come again", len(entries), error)
            return {message for message, _ in entries}
        except _NEVER as error:
            if len(entries) > 1:
                return self._one_by_one(tenant_id, entries)
            _log_never(entries[0][0], error)
            return {entries[0][0]}
        return set() if self._tell(tenant_id, recorded) else {message for message, _ in entries}

    def _one_by_one(self, tenant_id: str, entries: list[Entry]) -> set[str]:
        """Find the message at fault, so that the others get through."""
        failed: set[str] = set()
        for place, entry in enumerate(entries):
            try:
                recorded = self._record(tenant_id, [entry])
            except _LATER as error:
                _log_later("the database did not record, messages will come again", len(entries) - place, error)
                return failed | {message for message, _ in entries[place:]}
            except _NEVER as error:
                _log_never(entry[0], error)
                failed.add(entry[0])
            else:
                failed |= set() if self._tell(tenant_id, recorded) else {entry[0]}
        return failed

    def _record(self, tenant_id: str, entries: list[Entry]) -> Recorded:
        recorded = self._history.record(tenant_id, [batch for _, batch in entries])
        used(recorded.used)
        for execution_id in {batch["context"]["executionId"] for _, batch in entries} - recorded.events.keys():
            logger().error(
                "events of an unknown workflow, or of another tenant's execution, were dropped",
                execution_id=execution_id,
            )
        return recorded

    def _tell(self, tenant_id: str, recorded: Recorded) -> bool:
        """Tell watchers and other executions. Returns whether the latter know; else it is to be done again."""
        try:
            self._push.push(tenant_id, recorded)
        except Exception:
            # The history is written, and watchers catch up by themselves: a mistake in telling must not stop recording.
            logger().exception("live updates failed in a way nobody foresaw")
            count(Metric.FAILED)
        if self._settler is None:
            return True
        try:
            self._settler.settle(tenant_id, recorded)
        except (SettleLater, *_LATER) as error:
            _log_later("an end could not be told, messages will come again", 1, error)
            return False
        return True


@contextmanager
def _about(tenant_id: str, entries: list[Entry]) -> Iterator[None]:
    """Have log lines say whose messages are recorded: the execution's id, or all of them where there are several."""
    ids = sorted({str(batch["context"].get("executionId")) for _, batch in entries})
    told: dict[str, str | list[str]] = {"execution_id": ids[0]} if len(ids) == 1 else {"execution_ids": ids}
    with logger().append_context_keys(tenant_id=tenant_id, **told):
        yield


def _log_never(message_id: str, error: Exception) -> None:
    logger().error("malformed message", message_id=message_id, error=repr(error))
    count(Metric.MALFORMED)


def _log_later(message: str, messages: int, error: Exception) -> None:
    logger().error(message, messages=messages, error=str(error))
    count(Metric.UNAVAILABLE, messages)
