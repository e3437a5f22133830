"""The nodes of the catalogue that ask HTTP servers, each ready to be run against one."""

import hashlib
import importlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any, Final

from functions.nodes import catalogue
from stepweave.model.items import Item
from stepweave.runtime.http.operations import run_operations
from stepweave.spec.node import NodeSpec
from stepweave.spec.operation_forms import node_name
from stepweave.spec.operations import App, Operation
from stepweave.spec.schemas import inline_refs
from tests.fakes.asks import AskBench
from tests.fakes.steps import TENANT, Bench, Outside
from tests.functions.nodes.lying.given import GIVEN, NOT_TRIED, Given
from tests.functions.nodes.lying.made_up import credential_of, params_of

_TELLING: Final = frozenset({"HttpServerError", "ResponseInvalid", "ModelUnavailable"})
"""Errors that only nodes have which ask HTTP servers."""


_BYTES: Final = re.compile("download|export|file_get|attachment_(get|list)|get_file|content")
_numbers: Final = count()


@dataclass(frozen=True)
class Outcome:
    """What came of it: the error's class, and all that it says; "" where there was none."""

    error: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None


@dataclass(frozen=True)
class Subject:
    """A node type, with one of its operations where it is an app."""

    spec: NodeSpec
    given: Given
    operation: Operation | None = None

    def __str__(self) -> str:
        return f"{self.spec.type} {self.operation.id}" if self.operation else self.spec.type

    @property
    def gives_bytes(self) -> bool:
        """Whether it gives what comes as a file, by its operation's name: no content is a lie to it."""
        return self.operation is not None and _BYTES.search(self.operation.id) is not None

    def ask(self, url: str, seconds: float) -> Outcome:
        """Run it against a server."""
        outside = _outside(self, url)
        if self.given.ask or self.spec.listens:
            return self._asked(outside, url)
        return self._ran(outside, url, seconds)

    def _ran(self, outside: Outside, url: str, seconds: float) -> Outcome:
        from stepweave.runtime.errors import NodeError

        run = _of_type(self.spec.type, self.spec.version)
        try:
            Bench(self.spec, run, outside)(self.params(url), [_item(outside)], seconds=seconds)
        except NodeError as error:
            return Outcome(type(error).__name__, error.to_json(), error.retry_after)
        return Outcome()

    def _asked(self, outside: Outside, url: str) -> Outcome:
        listens = self.spec.listens
        ask = self.given.ask or ("poll" if listens and listens.polls else "activate")
        package = catalogue.packages()[self.spec.type, self.spec.version]
        asks = {ask: getattr(importlib.import_module(f"{package}.trigger"), ask)}
        handed: dict[str, Any] = {"cursor": None, "first": False, "limit": 10}
        if ask != "poll":
            handed = {"address": "https://stepweave.example/hooks/1", "kept": None}
        handed |= self.given.handed
        result = AskBench(self.spec, asks, outside).result(ask, self.params(url), **handed)
        error = result.get("error")
        return Outcome(error["type"], error, error.get("retryAfter")) if error else Outcome()

    def params(self, url: str) -> dict[str, Any]:
        """Return the node's parameters."""
        entry = catalogue.catalogue().get(self.spec.type, self.spec.version)
        assert entry is not None
        given = _placed(self.given.params, url)
        if self.operation is not None:
            operation = self.operation
            own = _placed(self.given.operations.get(operation.id, {}), url)
            made = params_of(inline_refs(operation.params.model_json_schema(by_alias=True)), own)
            named = {node_name(operation, name): value for name, value in made.items()}
            given |= {"resource": operation.resource, "operation": operation.name, **named}
        return params_of(entry.params_schema, given)


def subjects() -> list[Subject]:
    """Return all of them, in the order of the catalogue: an app's operations one by one."""
    tried = (spec for spec in catalogue.specs() if asks_servers(spec) and spec.type not in NOT_TRIED)
    return [subject for spec in tried for subject in _of(spec)]


def asks_servers(spec: NodeSpec) -> bool:
    """Whether a node asks HTTP servers and runs alone: by its declared errors, or as it is an app."""
    return spec.network and not spec.waiting and (spec.app is not None or bool(_TELLING & set(spec.errors)))


def _of(spec: NodeSpec) -> Iterator[Subject]:
    given = GIVEN.get(spec.type, Given())
    if spec.app is None:
        yield Subject(spec, given)
    else:
        yield from (Subject(spec, given, operation) for operation in spec.app.operations)


@cache
def _of_type(type: str, version: int) -> Callable[..., Any]:
    spec = next(one for one in catalogue.specs() if (one.type, one.version) == (type, version))
    if isinstance(spec.app, App):
        return run_operations(replace(spec.app, most_mb=1))  # so that no body must be long to be too long
    package = catalogue.packages()[spec.type, spec.version]
    run: Callable[..., Any] = importlib.import_module(f"{package}.run").run
    return run


def _outside(subject: Subject, url: str) -> Outside:
    outside = Outside()
    known = catalogue.catalogue().credentials
    chosen = subject.given.credential
    for type in [chosen] if chosen else [name for name in subject.spec.credentials if name in known][:1]:
        data = {**credential_of(known[type], url), **_placed(subject.given.data, url)}
        outside.credentials["c", type] = outside.renewed = data
    return outside


def _item(outside: Outside) -> Item:
    content = b"a,b\n1,2\n"
    ref = outside.claims.store_file(
        f"{TENANT}/f",
        io.BytesIO(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        mime_type="text/csv",
        file_name="a.csv",
    )
    return {"json": {"a": 1, "name": "x1"}, "binary": {"data": ref, "x1": ref}}


def _placed(value: Any, url: str) -> Any:
    if isinstance(value, str):
        return value.replace("{url}", url).replace("{once}", str(next(_numbers)))
    if isinstance(value, dict):
        return {name: _placed(one, url) for name, one in value.items()}
    return [_placed(one, url) for one in value] if isinstance(value, list) else value
