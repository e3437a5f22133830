"""A node's function asked by the control plane, with the outside of `tests.fakes.steps`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stepweave.runtime.asks import Ask, AskPayload, answer_ask
from stepweave.spec.node import NodeSpec
from tests.fakes.steps import TENANT, Outside


@dataclass
class AskBench:
    """One node's asks: `bench("options", params, loader="tables")` answers, `error(...)` gives what it refuses with."""

    spec: NodeSpec
    asks: Mapping[str, Ask]
    outside: Outside = field(default_factory=Outside)

    def result(self, ask: str, params: dict[str, Any], **given: Any) -> Any:
        payload: AskPayload = {
            "ask": ask,
            "tenantId": TENANT,
            "workflowId": "",
            "node": {"id": "", "name": self.spec.name, "type": self.spec.type, "version": self.spec.version},
            "params": params,
            "given": given,
        }
        services = self.outside.services
        return answer_ask(
            self.spec.params, self.asks, payload, services.vault, seconds=20, claims=lambda: services.claims
        )

    def __call__(self, ask: str, params: dict[str, Any], **given: Any) -> Any:
        result = self.result(ask, params, **given)
        assert "error" not in result, result
        return result["answer"]

    def error(self, ask: str, params: dict[str, Any], **given: Any) -> dict[str, Any]:
        error: dict[str, Any] = self.result(ask, params, **given)["error"]
        return error
