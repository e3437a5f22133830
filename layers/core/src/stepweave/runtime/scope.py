"""What a step's expressions see, and their evaluation. Other nodes' outputs are fetched when asked for."""

import time
from functools import cached_property
from typing import Any

from stepweave.expressions import Evaluator, ExpressionError, ExpressionLimit, Scope
from stepweave.model.environments import PRODUCTION
from stepweave.model.items import Item
from stepweave.model.lineage import carried, without
from stepweave.model.step import StepPayload
from stepweave.runtime.callbacks import of_step
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import ExpressionFailed


class StepScope:
    """The expressions of one step."""

    def __init__(self, payload: StepPayload, items: list[Item], claims: Claims) -> None:
        self._payload = payload
        self._claims = claims
        self._fetched: dict[str, dict[str, list[Item]] | None] = {}
        context = payload["context"]
        url = context.get("resumeUrl")
        self.scope = Scope(
            items=without(items),
            output_of=self._output_of,
            names=frozenset(payload["refs"]),
            workflow={
                "id": context["workflowId"],
                "name": context["workflowName"],
                "version": context["workflowVersion"],
                "timeZone": context["timeZone"],
            },
            execution={
                "id": context["executionId"],
                "mode": context["mode"],
                "trigger": context["trigger"],
                "startedAt": context["startedAt"],
                "resumeUrl": of_step(url, time.time_ns() // 1_000_000) if url else None,
                "formUrl": context.get("formUrl"),
                "environment": context.get("environment", PRODUCTION),
            },
            variables=context.get("variables", {}),
            origins=[item.get("origin", {}) for item in items] if carried(items) else (),
            ids=payload["paired"],
            iteration=payload["iteration"],
            round=payload["loop"].get("round") if payload["phase"] == "turn" else None,
            tool=self._asked_of_model,
        )

    def evaluate(self, text: str, index: int, field: str) -> Any:
        """Return the value of a template for the item at `index`.

        Raises:
            ExpressionFailed: it threw, ran too long, or cannot be read.
            DataMissing: an output it refers to is gone.
            StorageUnavailable: an output it refers to could not be fetched.
        """
        try:
            return self._evaluator.evaluate(text, index, field)
        except ExpressionError as error:
            details: dict[str, Any] = {"field": field, "expression": error.expression[:500]}
            if error.position is not None:
                details["position"] = error.position
            raise ExpressionFailed(f"{field}: {error.message}", _remedy(error), details=details, item=index) from None

    @cached_property
    def _evaluator(self) -> Evaluator:
        return Evaluator(self.scope)

    def _asked_of_model(self) -> dict[str, Any] | None:
        batch = self._payload["tool"]
        if batch is None:
            return None
        return self._claims.fetch(batch, self._payload["context"]["tenantId"])[0]["json"]

    def _output_of(self, name: str) -> dict[str, list[Item]] | None:
        if name not in self._fetched:
            output = self._payload["refs"][name]
            tenant = self._payload["context"]["tenantId"]
            self._fetched[name] = (
                None
                if output is None
                else {port: without(self._claims.fetch(batch, tenant)) for port, batch in output.items()}
            )
        return self._fetched[name]


def _remedy(error: ExpressionError) -> str:
    if isinstance(error, ExpressionLimit):
        return "Make the expression do less, or do its work in a Code node."
    return "Change the expression; an optional step (`a?.b`) reads what may be missing."
