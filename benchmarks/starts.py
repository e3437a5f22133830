"""D, on the stack: how long the first invocation of each node's function takes, beside an empty handler's.

Both are new functions with the same layers, so both are forked from the same warm parent (ADR 2); what is left is the
import of the node's own modules, and of what it needs besides: the goal is for light nodes. The function is asked for
something that it has not, so it answers without running a step. In turns, the median of several.
"""

import io
import json
import statistics
import time
import zipfile
from collections.abc import Callable
from typing import Any, Final

from benchmarks.bare import client
from benchmarks.copies import code_of, copy, node_functions
from benchmarks.figures import Figure, figure
from local.cli.catalogue import load_catalogue
from local.settings import PREFIX, LocalSettings
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.node import Category

ROUNDS: Final = 11
GOAL: Final = 1.6
ASK: Final = {"ask": "nothing", "tenantId": "", "workflowId": "", "params": {}, "given": {}}


def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the milliseconds of first invocations, beside those of an empty handler with the same layers."""
    lambdas = client(settings, "lambda")
    functions = {one["FunctionName"]: one for one in node_functions(lambdas)}
    empty, figures = _empty(), []
    for entry in load_catalogue():
        like = functions.get(f"{PREFIX}-{entry.function_name}")
        if like is None or entry.trigger:
            continue
        say(f"D: first invocation of {entry.type}")
        code = code_of(lambdas, like["FunctionName"])
        ask = {**ASK, "node": {"id": "n", "name": "n", "type": entry.type, "version": entry.version}}
        ours, bare = [], []
        for turn in range(ROUNDS):
            name = f"{entry.type}-{turn}"  # the emulator remembers by name what a function imports
            bare.append(_first(lambdas, copy(lambdas, like, f"empty-{name}", empty, Handler="index.handler"), ask))
            ours.append(_first(lambdas, copy(lambdas, like, f"first-{name}", code), ask))
        most = GOAL if is_light(entry) else None
        times = statistics.median(ours), statistics.median(bare)
        figures.append(figure(f"D.{entry.type}.start_ms", *times, at_most=most, goal_on="ratio"))
    return figures


def is_light(entry: CatalogueEntry) -> bool:
    """Whether a node brings no libraries of its own, in a layer, and no operations of an app's."""
    return not entry.layers and entry.category != Category.APP


def _first(lambdas: Any, name: str, ask: dict[str, Any]) -> float:
    try:
        began = time.perf_counter()
        answer = lambdas.invoke(FunctionName=name, Payload=json.dumps(ask))
        took = (time.perf_counter() - began) * 1000
        if "FunctionError" in answer:
            raise RuntimeError(f"{name} failed: {answer['Payload'].read()[:2000]!r}")
        return took
    finally:
        lambdas.delete_function(FunctionName=name)


def _empty() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    return content.getvalue()
