"""Google's nodes beside a Google on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stepweave.runtime.http import operations
from stepweave.runtime.running import Run
from stepweave.spec.node import NodeSpec
from tests.fakes import steps
from tests.fakes.google.server import HOSTS, Google
from tests.fakes.steps import Bench, Outside
from tests.fakes.web import Web


@contextmanager
def google_at(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """Have a Google that nodes ask in place of Google's servers."""
    google = Google(web)
    for host in HOSTS:
        monkeypatch.setitem(operations.BASE_URLS, host, google.url(host))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    yield google


def connected(outside: Outside) -> Outside:
    """Have a credential that a person has connected."""
    outside.credentials["c", "google_oauth2"] = {"accessToken": "ya29.good"}
    return outside


def bench(spec: NodeSpec, run: Run) -> Bench:
    """Return one of Google's nodes."""
    made = Bench(spec, run)
    connected(made.outside)
    return made


def doing(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    """Return parameters."""
    return {"credential": "c", "resource": resource, "operation": operation, **more}
