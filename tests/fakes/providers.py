"""A provider in memory, behind the node functions that ask it: what is registered there, and what it says."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed


@dataclass
class Provider:
    """Registrations by address. `says[node id, ask]` is what it fails with, before it does anything; `late` after."""

    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    says: dict[tuple[str, str], Exception] = field(default_factory=dict)
    late: dict[tuple[str, str], Exception] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Each ask: which, and of which node."""
    given: list[Mapping[str, Any]] = field(default_factory=list)
    """What each ask is about."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, payload: Mapping[str, Any]) -> Any:
        ask, node, given = payload["ask"], payload["node"]["id"], payload["given"]
        with self.lock:
            self.asked.append((ask, node))
            self.given.append(given)
        if refusal := self.says.get((node, ask)):
            raise refusal
        answer = None
        if ask == "activate":
            answer = {"id": len(self.asked), "secret": f"secret of {given['address']}"}
            self.there[given["address"]] = {**payload["params"], **answer}
        if ask == "deactivate":
            self.there.pop(given["address"], None)
        if failure := self.late.get((node, ask)):
            raise failure
        return answer


def refused(message: str = "No.", type: str = "HttpClientError", **details: Any) -> AskFailed:
    """Return what a provider's plain refusal is answered as."""
    told = {"type": type, "message": message, "remedy": "Ask for something else.", "details": details}
    return AskFailed({**told, "retryable": False})


def away(type: str = "RequestTimeout", *, retryable: bool = True) -> AskFailed:
    """Return what a provider that does not answer is answered as."""
    return AskFailed({"type": type, "message": "The provider did not answer.", "retryable": retryable})


def dead() -> AwsError:
    """Return what a node function that cannot be asked gives."""
    return AwsError("FunctionError", "it died", status=200)
