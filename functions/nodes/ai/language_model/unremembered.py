"""Answers that the memory could not take: kept, so that they are remembered later and paid once.

An answer lies under the execution that the work began with, as an agent's talk does: a retry of the step finds it, and
an execution that goes on from one that failed.
"""

import hashlib
from typing import Any

from functions.nodes.ai.language_model.spec import Params
from stepweave.model.json_text import write
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataMissing, NodeError


class Unremembered:
    """The kept answers of one step."""

    def __init__(self, step: Step[Params]) -> None:
        self._step = step
        # The first attempt of an execution that goes on from none can find nothing, and does not look.
        self._looks = step.attempt > 1 or bool(step.context.get("origin"))

    def find(self, entry: Entry[Params]) -> list[Any]:
        """Return the answer to an item's question, alone in a list; nothing where none is kept, or of another question.

        Raises:
            StorageUnavailable: it cannot be fetched now; to ask without it would pay for it again.
        """
        if not self._looks:
            return []
        claims = self._step.control.claims
        try:
            kept = claims.fetch_json(claims.bucket, self._key(entry), self._step.context["tenantId"])
        except DataMissing:
            return []
        return [kept["value"]] if kept["about"] == _about(entry) else []

    def keep(self, entry: Entry[Params], value: Any) -> None:
        """Keep an answer; where that fails, too, the log says so."""
        try:
            self._step.control.claims.store_json(self._key(entry), {"about": _about(entry), "value": value})
        except NodeError as error:
            said = f"Item {entry.index}: the answer could not be kept, so a retry asks the model again: {error.message}"
            self._step.log("warning", said, error.to_json())

    def _key(self, entry: Entry[Params]) -> str:
        return self._step.control.lasting_key(f"answer-{entry.index}.json")


def _about(entry: Entry[Params]) -> str:
    """Return what a question is known by: a digest of the item's parameters and files."""
    asked = [entry.params.model_dump(mode="json"), entry.item.get("binary", {})]
    return hashlib.sha256(write(asked).encode()).hexdigest()
