"""D, on the stack: how long the first invocation of each node's function takes, beside an empty handler's.

Both are new functions with the same layers, so both are forked from the same warm parent (ADR 2); what is left is the
import of the node's own modules, and of what it needs besides: the goal is for light nodes. The function is asked for
something that it has not, so it answers without running a step. What a first step takes on top, where pydantic builds
its validators, is said without a goal for the nodes that need nothing but the platform.

Each is started `ROUNDS` times, in rounds over all nodes and in turns with the empty handler, so that no slow moment of
the machine is one node's alone. Medians are compared, and beside each is said how far it may be off: where 95 of 100
ratios lie of starts drawn anew from the measured ones (bootstrap).
"""

import io
import json
import random
import statistics
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.bare import client
from benchmarks.coldstart import PARAMS, payload_of
from benchmarks.copies import code_of, copy, node_functions
from benchmarks.figures import Figure, figure, percentile
from local.cli.catalogue import load_catalogue
from local.settings import PREFIX, LocalSettings
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.node import Category

ROUNDS: Final = 40
"""How often a light node's function is started."""
OTHER_ROUNDS: Final = 7
"""How often another one is."""
GOAL: Final = 1.6
ASK: Final = {"ask": "nothing", "tenantId": "", "workflowId": "", "params": {}, "given": {}}
_DRAWS: Final = 200


@dataclass(frozen=True, slots=True)
class _Starts:
    """A node's function, and the milliseconds of its first invocations and of the empty handler's."""

    entry: CatalogueEntry
    like: dict[str, Any]
    code: bytes
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    """Of first invocations that run a step."""
    bare_steps: list[float] = field(default_factory=list)


def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the milliseconds of first invocations, beside those of an empty handler with the same layers."""
    lambdas = client(settings, "lambda")
    functions = {one["FunctionName"]: one for one in node_functions(lambdas)}
    found: list[_Starts] = []
    for entry in load_catalogue():
        like = functions.get(f"{PREFIX}-{entry.function_name}")
        if like is not None and not entry.trigger:
            found.append(_Starts(entry, like, code_of(lambdas, like["FunctionName"])))
    for turn in range(max(ROUNDS, OTHER_ROUNDS)):
        wanted = [one for one in found if turn < (ROUNDS if is_light(one.entry) else OTHER_ROUNDS)]
        say(f"D: first invocations of {len(wanted)} nodes, round {turn + 1}")
        for one in wanted:
            _start(lambdas, one, turn)
    steps = [one for one in found if one.entry.type in PARAMS]
    for turn in range(OTHER_ROUNDS):
        say(f"D: first steps of {len(steps)} nodes, round {turn + 1}")
        for one in steps:
            _start(lambdas, one, turn, step=True)
    return [_figure(one, say) for one in found] + [_step_figure(one) for one in steps]


def _start(lambdas: Any, one: _Starts, turn: int, *, step: bool = False) -> None:
    """Start the empty handler and the node's function once each, the one before the other by turns."""
    entry, like = one.entry, one.like
    ask = {**ASK, "node": {"id": "n", "name": "n", "type": entry.type, "version": entry.version}}
    event, ours, bare = (payload_of(entry), one.steps, one.bare_steps) if step else (ask, one.ours, one.bare)
    name = f"{entry.type}-{'step-' if step else ''}{turn}"  # the emulator remembers by name what a function imports
    for node in (turn % 2 == 0, turn % 2 != 0):
        if node:
            ours.append(_first(lambdas, copy(lambdas, like, f"first-{name}", one.code), event))
        else:
            made = copy(lambdas, like, f"empty-{name}", _empty(), Handler="index.handler")
            bare.append(_first(lambdas, made, event))


def _figure(one: _Starts, say: Callable[[str], None]) -> Figure:
    most = GOAL if is_light(one.entry) else None
    times = statistics.median(one.ours), statistics.median(one.bare)
    made = figure(f"D.{one.entry.type}.start_ms", *times, at_most=most, goal_on="ratio")
    low, high = _interval(one.ours, one.bare)
    say(f"D: {one.entry.type}: {times[0]:.1f} ms, {made.ratio:.2f} times the empty handler ({low:.2f} to {high:.2f})")
    return made


def _step_figure(one: _Starts) -> Figure:
    times = statistics.median(one.steps), statistics.median(one.bare_steps)
    return figure(f"D.{one.entry.type}.first_step_ms", *times)


def _interval(ours: list[float], bare: list[float]) -> tuple[float, float]:
    """Return between which ratios of medians 95 of 100 lie of as many starts, drawn anew from those measured."""
    draw = random.Random(1)
    ratios = [
        statistics.median(draw.choices(ours, k=len(ours))) / statistics.median(draw.choices(bare, k=len(bare)))
        for _ in range(_DRAWS)
    ]
    return percentile(ratios, 0.025), percentile(ratios, 0.975)


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
