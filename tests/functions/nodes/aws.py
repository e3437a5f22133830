"""AWS's nodes and triggers, asked as the platform asks them, against moto or a server that answers as a test says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from stepweave.model.items import Item
from stepweave.runtime.asks import Ask, answer_ask
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import NodeError
from stepweave.runtime.running import Run
from stepweave.spec.node import NodeSpec
from tests.fakes.steps import Bench, Outside, items

REGION = "eu-central-1"
KEYS = {"accessKeyId": "AKIATEST", "secretAccessKey": "wJalrXUtnFEMI", "region": REGION}


@dataclass
class Trigger:
    """A trigger of AWS, with its cursor kept as the platform keeps it."""

    spec: NodeSpec
    asks: Mapping[str, Ask]
    params: dict[str, Any]
    data: dict[str, Any]
    cursor: Any = None
    more: bool = False
    limit: int = 100
    seconds: float = 20
    outside: Outside = field(default_factory=Outside)

    def ask(self, name: str, given: Mapping[str, Any]) -> Any:
        self.outside.credentials["c", "aws"] = self.data
        payload: Any = {
            "ask": name,
            "tenantId": "t",
            "workflowId": "w",
            "node": {"id": "n", "name": "On", "type": self.spec.type, "version": 1},
            "params": {"credential": "c", **self.params},
            "given": given,
        }
        answer = answer_ask(self.spec.params, self.asks, payload, Vault(self.outside.vault), seconds=self.seconds)
        return json.loads(json.dumps(answer))

    def polled(self, *, first: bool = False) -> list[Any]:
        """Ask what is new, and keep the cursor: the workflow has started with it."""
        answer = self.peeked(first=first)
        self.cursor, self.more = answer["cursor"], answer["more"]
        return list(answer["items"])

    def peeked(self, *, first: bool = False) -> Any:
        """Ask what is new, and die before anything is kept."""
        told = self.ask("poll", self.given(first=first))
        assert "answer" in told, told
        return told["answer"]

    def refused(self, *, first: bool = False) -> Any:
        return self.ask("poll", self.given(first=first))["error"]

    def given(self, *, first: bool) -> dict[str, Any]:
        return {"cursor": self.cursor, "first": first, "limit": 0 if first else self.limit}


def acting(spec: NodeSpec, run: Run, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a node that calls AWS at an endpoint, with the credential `c`."""
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(spec, run)
    bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": endpoint}
    return bench


def failure(bench: Bench, params: dict[str, Any], inputs: list[Item] | None = None) -> Any:
    """Return the error that a node ends with."""
    with pytest.raises(NodeError) as caught:
        bench(params, items({}) if inputs is None else inputs)
    return caught.value.to_json()
