"""Random workflows, behaviours for them, and running them both ways.

Most nodes are toys, whose items depend on all they are given and on nothing else. Some are real: the compiler runs
those as states of the machine where it can, and both ways must agree on that too.
"""

import asyncio
import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from functions.nodes.flow.loop.run import run as run_loop
from functions.nodes.flow.loop.spec import SPEC as LOOP_SPEC
from functions.nodes.flow.try_.run import run as run_try
from functions.nodes.flow.try_.spec import SPEC as TRY_SPEC
from local.offline.steps import behaviour_of
from stepweave.compiler import Compiled, CompileOptions, compile_workflow
from stepweave.compiler.control import Controls
from stepweave.compiler.kinds import CONTROLS
from stepweave.expressions import references
from stepweave.model.events import ErrorInfo
from stepweave.model.items import Batch, Item, NodeOutput
from stepweave.model.lineage import descended, one_of, placed, without
from stepweave.model.step import STEP_DEFAULTS, StepFailure
from stepweave.model.workflow import Node, OnError, Workflow
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import ExpressionFailed, LoopLimit, NodeError, ParameterInvalid, in_words
from stepweave.runtime.failing import told as told_of
from stepweave.runtime.interpreter import Calls, Inputs, Interpreter, NodeFailed, Run, Turn
from stepweave.runtime.running import Services, run_step
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from tests.asl.machine import Machine, TaskFailed
from tests.core.compiler.agents import AGENT_SPEC, calls_of, step_of
from tests.core.compiler.posting import SPEC as POST_SPEC
from tests.core.compiler.posting import run as post
from tests.core.compiler.turning import SPEC as TURN_SPEC
from tests.core.compiler.turning import run as turn
from tests.fakes.catalogue import SPECS
from tests.fakes.steps import BUCKET, TENANT, Outside, context

REAL = ("if", "filter", "switch", "set_fields", "limit", "merge", "no_op", "wait", "post", "turn")
OWN = {"post": (POST_SPEC, post), "turn": (TURN_SPEC, turn)}
BEHAVIOURS = {type: OWN[type] if type in OWN else behaviour_of(type, 1) for type in REAL}
_SPECS = (*SPECS, LOOP_SPEC, TRY_SPEC, AGENT_SPEC, *(spec for spec, _ in BEHAVIOURS.values()))
SPEC_OF = {spec.type: spec for spec in _SPECS}
CATALOGUE = Catalogue(CatalogueEntry.of(spec) for spec in SPEC_OF.values())
OUTPUTS = {
    "start": ["main"],
    "step": ["main"],
    "maybe": ["main"],
    "split": ["true", "false"],
    "pair": ["main"],
    "loop": ["done"],
    "try": ["done"],
    "if": ["true", "false"],
    "filter": ["main", "rejected"],
    "switch": ["a", "b", "fallback"],
    "set_fields": ["main"],
    "limit": ["main"],
    "merge": ["main"],
    "no_op": ["main"],
    "wait": ["main"],
    "post": ["main"],
    "turn": ["main", "rejected"],
    "agent": ["main"],
    "asks": ["main"],
}
INPUTS = {"pair": ["left", "right"], "merge": ["first", "second"]}
TOYS = ("step", "maybe", "split", "pair", "asks")
FAILURES = ("Lambda.Unknown", "Refused")
"""How toys fail where the execution goes on: cut off by the platform, or with an error of their own."""
WAITING_FAILURES = (*FAILURES, "States.Timeout", "ChildFailed")
"""The same of those that wait for a token: before they wait, or while they do."""
BROKEN: ErrorInfo = {"type": "Broken", "message": "it broke", "retryable": False}
"""What every node says that fails a round: of several, an engine may name any."""
OF_LOOPS = (LoopLimit, ParameterInvalid, ExpressionFailed)
"""What a loop fails with by itself, before its first round."""
_NAMES = tuple(error.__name__ for error in OF_LOOPS)
CONDITIONS = (
    {"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 0},
    {"left": "{{ $json.n }}", "type": "number", "operator": "equals", "right": 1},
    {"left": "{{ $json.by }}", "type": "text", "operator": "equals", "right": "n1"},
    {"left": "{{ $json.draw }}", "type": "number", "operator": "exists"},
    {"left": "{{ $json.error }}", "type": "object", "operator": "notExists"},
    {"left": "{{ $json.x }}", "type": "any", "operator": "isEmpty"},
    {"left": "{{ $json.draw + 1 }}", "type": "number", "operator": "less", "right": 2 * 10**9},
    {"left": "{{ $json.by }}", "type": "number", "operator": "less", "right": 5},
)
"""The last but one is no plain path, the last fails for items whose `by` is text."""
ASSIGNED = (
    {"name": "x", "type": "auto", "value": "{{ $json.n }}"},
    {"name": "n", "type": "number", "value": "{{ $json.n }}"},
    {"name": "n", "type": "number", "value": 1},
    {"name": "deep.er", "type": "text", "value": "by {{ $json.by }}"},
    {"name": "by", "type": "text", "value": "{{ $json.by }}"},
    {"name": "yes", "type": "boolean", "value": "{{ $json.n > 0 }}"},
)
SETTINGS = (
    {"onError": "continue"},
    {"onError": "branch"},
    {"alwaysOutput": True},
    {"disabled": True},
    {"executeOnce": True},
    {"retry": {"maxAttempts": 2}, "onError": "continue"},
)
DEBUGGER = "p-debugger"
REPEAT_ABOVE = 3 * 10**9
"""Of a toy's number, up to 2^32: a loop that repeats ends above it."""

Outputs = dict[tuple[str, str], dict[str, list[Any]]]
"""Node id and round -> port -> JSON of its items."""


@dataclass
class _Growing:
    """A workflow under construction: what can be connected, and what precedes each node."""

    draw: st.DrawFn
    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    before: dict[str, set[str]] = field(default_factory=dict)

    def add(self, id: str, type: str, params: dict[str, Any] | None = None, settings: Any = None) -> dict[str, Any]:
        node = {
            "id": id,
            "type": type,
            "version": 1,
            "name": id.upper(),
            "params": params or {},
            "settings": settings or {},
        }
        self.nodes.append(node)
        self.before[id] = set()
        return node

    def connect(self, source: dict[str, Any], port: str, target: dict[str, Any], target_port: str) -> None:
        self.edges.append(
            {
                "id": f"e{len(self.edges)}",
                "source": source["id"],
                "sourcePort": port,
                "target": target["id"],
                "targetPort": target_port,
            }
        )
        if target_port != "back":
            self.before[target["id"]] |= {source["id"]} | self.before[source["id"]]

    def region(self, sources: list[tuple[dict[str, Any], str]], count: int, depth: int) -> list[dict[str, Any]]:
        """Add `count` nodes that only `sources` lead to; return those that were added right here."""
        draw = self.draw
        here: list[dict[str, Any]] = []
        while count > 0:
            around = depth < 2 and count > 2 and draw(st.integers(0, 5)) == 0
            real = draw(st.integers(0, 2)) == 0
            region = draw(st.sampled_from(["try", "loop", "loop", "agent"])) if around else ""
            node = self._node(region if around else draw(st.sampled_from(REAL if real else TOYS)))
            known = [*sources, *((one, port) for one in here for port in _ports(one))]
            for _ in range(draw(st.integers(1, 3))):
                source, port = draw(st.sampled_from(known))
                target = draw(st.sampled_from(INPUTS.get(node["type"], ["main"])))
                self.connect(source, port, node, target)
            self._refer(node)
            here.append(node)
            count -= 1
            if around:
                size = draw(st.integers(1, min(count, 5)))
                count -= size
                if region == "agent":
                    self._tools(node, size, depth + 1)
                else:
                    self._body(node, self.region([(node, region)], size, depth + 1))
        return here

    def _node(self, type: str) -> dict[str, Any]:
        draw = self.draw
        settings: dict[str, Any] = draw(st.sampled_from(SETTINGS)) if draw(st.integers(0, 5)) == 0 else {}
        params: dict[str, Any] = {}
        if type == "loop":
            settings = {key: value for key, value in settings.items() if key != "retry"}
            if draw(st.integers(0, 2)) == 0:
                settings = {**settings, "onError": draw(st.sampled_from(["continue", "branch"]))}
            # A size that is none fails the loop: as below.
            sizes = (1, 2, 3, *SIZES, *(NO_SIZES if "onError" in settings else ()))
            params = {"mode": "each", "batchSize": draw(st.sampled_from(sizes)), "concurrency": draw(st.integers(1, 3))}
            mode = draw(st.sampled_from(["each", "each", "repeat", "each_until"]))
            if mode != "each":
                flag = {"repeat": "gather", "each_until": "onlyLast"}[mode]
                again = {"mode": mode, "until": draw(st.sampled_from(UNTIL)), flag: draw(st.booleans())}
                # More batches than rounds fail the loop: of what runs beside one that stops, engines may differ.
                few = mode == "repeat" or ("onError" in settings and draw(st.booleans()))
                most = draw(st.integers(1, 3)) if few else 40
                params = {**again, "maxRounds": most, "batchSize": params["batchSize"]}
                if mode == "repeat" and "onError" in settings and draw(st.booleans()):
                    params["onLimit"] = "fail"
        if type == "agent":
            settings = {key: value for key, value in settings.items() if key != "retry"}
        if type == "try":
            settings = {key: value for key, value in settings.items() if key not in ("retry", "onError")}
        if type in REAL:
            params = draw(real_params(type))
        if type in OWN:
            on_error = draw(st.sampled_from(["stop", "continue", "branch"]))
            settings = {**settings, "retry": {"maxAttempts": 2}, "onError": on_error}
        return self.add(f"n{len(self.nodes)}", type, params, settings)

    def _refer(self, node: dict[str, Any]) -> None:
        before = sorted(self.before[node["id"]])
        if node["type"] == "set_fields" and before and self.draw(st.booleans()):
            read = f"{{{{ $('{self.draw(st.sampled_from(before)).upper()}').item.json.n }}}}"
            node["params"]["assignments"].append({"name": "pair", "type": "auto", "value": read})
        if node["type"] in TOYS and before and self.draw(st.integers(0, 2)) == 0:
            node["params"] = {"text": f"{{{{ $('{self.draw(st.sampled_from(before)).upper()}').all() }}}}"}

    def _tools(self, agent: dict[str, Any], count: int, depth: int) -> None:
        """Add an agent's tools: apart from each other, each begun by one node."""
        while count > 0:
            size = self.draw(st.integers(1, count))
            count -= size
            first = self._node(self.draw(st.sampled_from(TOYS)))
            target = self.draw(st.sampled_from(INPUTS.get(first["type"], ["main"])))
            self.connect(agent, "tools", first, target)
            if self.draw(st.integers(0, 3)) == 0:
                first["settings"] = {**first["settings"], "tool": {"onError": "stop"}}
            if size > 1:
                self.region([(first, port) for port in _ports(first)], size - 1, depth)

    def _body(self, loop: dict[str, Any], body: list[dict[str, Any]]) -> None:
        ends = [(one, port) for one in body for port in _ports(one)]
        least = 1 if loop["params"].get("mode") in ("repeat", "each_until") else 0
        for _ in range(self.draw(st.integers(least, 2))):
            source, port = self.draw(st.sampled_from(ends))
            self.connect(source, port, loop, "back")


SIZES = ("{{ 1 + $input.all().length % 2 }}", "{{ $json ? 2 : 1 }}")
NO_SIZES = ("{{ $json.n }}", "{{ 'some' }}", "{{ $json.none.at }}")
"""Expressions for the items in a batch: such as always give a number, and such as may not."""
UNTIL: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"left": "{{ $json.draw }}", "type": "number", "operator": "greater", "right": REPEAT_ABOVE}],
)


def _ports(node: dict[str, Any]) -> list[str]:
    branching = node["settings"].get("onError") == "branch" or node["type"] == "try"
    return OUTPUTS[node["type"]] + (["error"] if branching else [])


@st.composite
def real_params(draw: st.DrawFn, type: str) -> dict[str, Any]:
    """Draw the parameters of a real node."""
    conditions = st.lists(st.sampled_from(CONDITIONS[:-1] * 3 + CONDITIONS[-1:]), min_size=1, max_size=2)
    either = st.sampled_from(["and", "or"])
    match type:
        case "if" | "filter":
            return {"conditions": draw(conditions), "combine": draw(either)}
        case "switch":
            rules = [{"output": port, "conditions": draw(conditions), "combine": draw(either)} for port in ("a", "b")]
            return {"rules": rules, "allMatches": draw(st.booleans())}
        case "set_fields":
            assigned = list(draw(st.lists(st.sampled_from(ASSIGNED), min_size=1, max_size=3)))
            return {"assignments": assigned, "keepOtherFields": draw(st.booleans())}
        case "wait":
            until = draw(st.sampled_from(["2020-01-01T00:00Z", "soon", "{{ $json.by }}", "{{ $json.none.at }}"]))
            return {"mode": "until", "until": until}
        case "limit":
            return {"count": draw(st.integers(1, 3)), "keep": draw(st.sampled_from(["first", "last"]))}
        case "merge":
            mode = draw(st.sampled_from(["append", "choose", "position"]))
            return (
                {"mode": mode, "choose": draw(st.sampled_from(["any", "first", "second"]))}
                if mode == "choose"
                else {"mode": mode}
            )
    return {}


@st.composite
def workflows(draw: st.DrawFn, most: int = 14) -> dict[str, Any]:
    """Draw a workflow: one to three triggers, nodes of all toy types, and loops within loops."""
    growing = _Growing(draw)
    triggers = [growing.add(f"t{number}", "start") for number in range(draw(st.integers(1, 3)))]
    growing.region([(trigger, "main") for trigger in triggers], draw(st.integers(1, most)), 0)
    return {"schema": 1, "name": "W", "nodes": growing.nodes, "edges": growing.edges}


@st.composite
def partial_runs(draw: st.DrawFn, document: dict[str, Any]) -> tuple[CompileOptions, dict[str, NodeOutput | None]]:
    """Draw which nodes are pinned or fired, after which one it ends, and the outputs that are given."""
    inner = _inner(document)
    steps = [node for node in document["nodes"] if node["type"] != "start"]
    given = [node for node in steps if draw(st.integers(0, 4)) == 0 and not node["settings"].get("disabled")]
    fired = {node["id"] for node in given if node["id"] not in inner and draw(st.booleans())}
    seed: dict[str, NodeOutput | None] = {}
    for node in given:
        ports = [port for port in OUTPUTS[node["type"]] if draw(st.booleans())]
        seed[node["id"]] = {port: _batch([{"json": {"given": node["id"], "port": port}}]) for port in ports}
        if node["id"] in fired and not ports:
            seed[node["id"]] = None
    known = fired | {node["id"] for node in document["nodes"] if node["type"] == "start"}
    for node in steps:
        text = node["params"].get("text")
        if fired and text and not any(f"'{id.upper()}'" in text for id in known):
            node["params"] = {}  # what comes before a fired node may run at any time, or not at all
        for assigned in [one for one in node["params"].get("assignments", ()) if one["name"] == "pair"]:
            if fired and not any(f"'{id.upper()}'" in assigned["value"] for id in known):
                assigned["value"] = "none"
    last = draw(st.sampled_from([None, None, *(node["id"] for node in steps if not node["settings"].get("disabled"))]))
    pinned = frozenset(seed) - fired
    return CompileOptions("p", draw(st.integers(0, 1)), frozenset(fired), pinned, last), seed


def _inner(document: dict[str, Any], ports: tuple[str, ...] = ("loop", "try", "tools"), of: str = "") -> set[str]:
    """Return the nodes in the body of any loop or try, or in that of one node."""
    found = {edge["target"] for edge in document["edges"] if edge["sourcePort"] in ports and of in ("", edge["source"])}
    while True:
        more = {
            edge["target"] for edge in document["edges"] if edge["source"] in found and edge["targetPort"] != "back"
        }
        if more <= found:
            return found
        found |= more


@dataclass
class Toy:
    """What nodes do: a function of seed, node, round and inputs alone. Some fail, some emit nothing on a port."""

    seed: int
    caught: Mapping[str, set[str]] = field(default_factory=dict)
    """Per node in the region of a try, the nodes of the outermost such region."""

    def __post_init__(self) -> None:
        self.ran: Counter[tuple[str, str]] = Counter()
        self.order: list[tuple[str, str]] = []
        self.outputs: Outputs = {}
        self.stopped: set[str] = set()
        """Nodes before which the debugger let them go on."""
        self.broken: set[str] = set()
        """Rounds, and regions' nodes, where a node failed that stops: of what else ran there, engines may differ."""

    def result(
        self,
        node: tuple[str, str],
        type: str,
        settings: Mapping[str, Any],
        items: dict[str, list[Item]],
        refs: Any,
        attempt: int,
    ) -> dict[str, list[Item]]:
        """Return a node's items by port; they come from some of those it is given. Raises TaskFailed."""
        origin = one_of([item for found in items.values() for item in found]) or None
        bare = {port: without(found) for port, found in sorted(items.items()) if found}
        seen = json.dumps([bare, refs], sort_keys=True)
        number = zlib.crc32(f"{self.seed}/{node}/{seen}".encode())
        if attempt == 1:
            self.ran[node] += 1
            self.order.append(node)
        if number % 5 == 0 and settings.get("maxAttempts", 1) > 1 and attempt <= number // 5 % 4:
            raise TaskFailed("Flaky", f"{node} is flaky")
        if number % 7 == 0 and settings["onError"] != "stop":
            failures = WAITING_FAILURES if type == "asks" else FAILURES
            raise TaskFailed(failures[number // 7 % len(failures)], f"{node} broke")
        if number % 7 == 1 and settings["onError"] == "stop" and (node[1] or node[0] in self.caught):
            raise TaskFailed(BROKEN["type"], BROKEN["message"])
        emitted: dict[str, list[Item]] = {
            port: [{"json": {"by": node[0], "port": port, "draw": number, "n": n}} for n in range(1 + number % 3)]
            for index, port in enumerate(OUTPUTS[type])
            if type in ("step", "pair", "asks") or number >> (8 + index) & 1
        }
        if not emitted and settings.get("alwaysOutput"):
            emitted = {OUTPUTS[type][0]: [{"json": {}}]}
        self.outputs[node] = {port: [item["json"] for item in found] for port, found in emitted.items()}
        return {port: descended(found, origin) for port, found in emitted.items()}

    def real(self, payload: dict[str, Any], services: Services) -> Any:
        """Return a real node's result. Raises TaskFailed."""
        run = (payload["node"]["id"], payload["iteration"])
        if payload["attempt"] == 1 and payload["phase"] != "resume":
            self.ran[run] += 1
            self.order.append(run)
        spec, behaviour = BEHAVIOURS[payload["node"]["type"]]
        try:
            result: Any = run_step(spec, behaviour, payload, services, seconds=60)  # type: ignore[arg-type]
        except NodeError as error:
            raise TaskFailed(type(error).__name__, in_words(error)) from None
        if "wait" not in result:
            self.outputs[run] = {
                port: [item["json"] for item in services.claims.fetch(batch, TENANT)]
                for port, batch in result["output"].items()
            }
        return result

    def native(self, node: str, iteration: str, items: dict[str, list[Any]]) -> None:
        """Record a node that ran without a function. Telling twice of the same run records it once."""
        self.ran[node, iteration] = 1
        self.outputs[node, iteration] = items


def compiled_of(document: dict[str, Any], options: CompileOptions, controls: Controls = CONTROLS) -> Compiled:
    result = compile_workflow(document, CATALOGUE, options, controls)
    assert isinstance(result, Compiled), result.diagnostics
    return result


@dataclass
class _Functions:
    """The functions of a compiled machine: toys, and the real loop."""

    toy: Toy
    few: int
    """Rounds from which on a loop is distributed."""

    def __post_init__(self) -> None:
        self.outside = Outside()
        self.machine: Machine | None = None

    def __call__(self, function: str, payload: Any) -> Any:
        if function == DEBUGGER:
            self.toy.stopped.add(payload["node"]["id"])
            return {"attempts": 0, "fails": True} if "failure" in payload else {"attempts": 0}
        node = payload["node"]
        assert function == f"p-node-{node['type']}-v1"
        whole = {**STEP_DEFAULTS, **payload}
        run = (node["id"], whole["iteration"])
        for native in whole["native"]:
            self.toy.native(native["id"], whole["iteration"], self._plain(native["output"]))
        if whole["phase"] in ("failed", "roundFailed"):
            return self._failed(run, whole)
        if node["type"] == "agent":
            return self._agent(run, whole)
        if node["type"] in ("loop", "try"):
            return self._around(run, whole)
        if node["type"] in REAL:
            return self.toy.real(whole, self.outside.services)
        items = {port: self._noted(batches, whole["iteration"]) for port, batches in whole["inputs"].items()}
        if whole["settings"].get("executeOnce"):
            items = {port: found[:1] for port, found in items.items()}
        refs = {name: self._plain(output) for name, output in whole["refs"].items()}
        emitted = self.toy.result(run, node["type"], whole["settings"], items, refs, whole["attempt"])
        return {"output": {port: _batch(found) for port, found in emitted.items()}}

    def _agent(self, run: tuple[str, str], payload: Any) -> Any:
        result = step_of(self.toy.seed, payload, self._items)
        if "talk" not in result:
            self.toy.ran[run] += 1
            self.toy.outputs[run] = self._plain(result["output"])
        return result

    def _around(self, run: tuple[str, str], payload: Any) -> Any:
        assert self.machine is not None
        if payload["phase"] == "split":
            payload["loop"]["inlineRounds"] = self.few
        if payload["failure"]:
            payload["failure"] |= {"error": BROKEN["type"], "cause": BROKEN["message"]}
        storage = self.outside.storage.objects
        storage.update({(BUCKET, key): json.dumps(data).encode() for key, data in self.machine.objects.items()})
        spec, behaviour = (TRY_SPEC, run_try) if payload["node"]["type"] == "try" else (LOOP_SPEC, run_loop)
        try:
            result: Any = run_step(spec, behaviour, payload, self.outside.services, seconds=60)
        except OF_LOOPS as error:
            cause = {"errorType": type(error).__name__, "errorMessage": in_words(error, payload["node"])}
            raise TaskFailed(cause["errorType"], json.dumps(cause)) from None
        index = result.get("batches", {}).get("index")
        if index:
            self.machine.objects[index["key"]] = json.loads(storage[index["bucket"], index["key"]])
        if payload["phase"] in ("collect", "leave") or (payload["phase"] == "turn" and "round" not in result):
            self.toy.ran[run] += 1
            self.toy.outputs[run] = self._plain(result["output"])
        return result

    def _failed(self, run: tuple[str, str], payload: Any) -> Any:
        type, phase, error = payload["node"]["type"], payload["phase"], payload["failure"]["error"]
        of_loop = type == "loop" and phase == "failed" and error in _NAMES
        if type in ("loop", "try", "agent") and not of_loop:
            payload["failure"] |= {"error": BROKEN["type"], "cause": BROKEN["message"]}
        spec = SPEC_OF[payload["node"]["type"]]
        result: Any = run_step(spec, _not_asked, payload, self.outside.services, seconds=60)
        if payload["phase"] == "failed":
            self.toy.ran[run] = 1
            self.toy.outputs[run] = self._plain(result["output"])
        return result

    def _noted(self, batches: list[Batch], iteration: str) -> list[Item]:
        """Return items with their places in the outputs they are from, as the adapter of real nodes does."""
        found: list[Item] = []
        for batch in batches:
            items = self._claims.fetch(batch, TENANT)
            found += placed(items, batch["of"][0], batch["of"][1], iteration) if "of" in batch else items
        return found

    def _items(self, batches: list[Batch]) -> list[Item]:
        return [item for batch in batches for item in self._claims.fetch(batch, TENANT)]

    def _plain(self, output: Any) -> Any:
        return (
            None if output is None else {port: [one["json"] for one in self._items([output[port]])] for port in output}
        )

    @property
    def _claims(self) -> Claims:
        return self.outside.claims


def run_compiled(
    document: dict[str, Any],
    seed: int,
    trigger_id: str,
    options: CompileOptions,
    given: Any,
    controls: Controls = CONTROLS,
) -> tuple[Toy, Machine]:
    """Run the compiled machine; return what ran and gave what, and the machine. Raises TaskFailed."""
    compiled = compiled_of(document, options, controls)
    functions = _Functions(Toy(seed, caught_in(document)), few=seed % 4)
    nested = {part.placeholder: part.definition for part in compiled.machines}
    functions.machine = Machine(compiled.definition, functions, nested)
    output = functions.machine.run({**execution_input(trigger_id), "seed": given})
    for native in output.get("native", ()):
        functions.toy.native(native["id"], "", functions._plain(native["output"]))
    return functions.toy, functions.machine


def run_interpreted(document: dict[str, Any], seed: int, trigger_id: str, options: CompileOptions, given: Any) -> Toy:
    """Run the reference interpreter; return what ran and gave what. Raises NodeFailed."""
    toy = Toy(seed, caught_in(document))
    wanted = {node["id"]: node["params"].get("text", "") for node in document["nodes"]}
    services = Outside().services

    async def run_node(node: Node, inputs: Inputs, run: Run) -> NodeOutput:
        settings = {
            "onError": node.settings.on_error.value,
            "alwaysOutput": node.settings.always_output,
            "maxAttempts": 1 + (node.settings.retry.max_attempts if node.settings.retry else 0),
        }
        if node.type in REAL:
            try:
                return _real(toy, _payload(node, settings, inputs, run), services)
            except TaskFailed as failure:
                raise _node_failed(toy, node, run, failure) from None
        items = {port: [item for batch in batches for item in batch["items"]] for port, batches in inputs.items()}
        named = {name: run.outputs.get(name.lower()) for name in _names(wanted[node.id])}
        refs = {name: output and _json(output) for name, output in named.items()}
        try:
            emitted = toy.result((node.id, run.iteration), node.type, settings, items, refs, run.attempt)
        except TaskFailed as failure:
            raise _node_failed(toy, node, run, failure) from None
        return {port: _batch(found) for port, found in emitted.items()}

    async def until(node: Node, items: list[Item], number: int, run: Run) -> bool:
        return bool(node.params["until"]) and items[0]["json"].get("draw", 0) > REPEAT_ABOVE

    async def split(node: Node, items: list[Item], run: Run) -> list[list[Item]]:
        payload: Any = _payload(node, {"onError": "stop", "maxAttempts": 1}, {"main": [_batch(items)]}, run)
        limits = {"inlineRounds": 1 << 20, "distributed": False}
        payload |= {"params": {**node.params, "mode": "each"}, "phase": "split", "loop": limits}
        try:
            result: Any = run_step(LOOP_SPEC, run_loop, payload, services, seconds=60)
        except OF_LOOPS as error:
            raise NodeFailed(error.to_json()) from None
        batches: list[list[Item]] = result["batches"]["items"]
        return batches

    async def take_turn(node: Node, turn: Turn, run: Run) -> Calls:
        return calls_of(seed, (node.id, run.iteration), turn, meaning.drawn.parts(node))

    async def at_once(seconds: float) -> None:
        return None

    meaning = Interpreter(
        Workflow.model_validate(document),
        CATALOGUE,
        run_node,
        until=until,
        split=split,
        turn=take_turn,
        fired=options.fired,
        pinned=options.pinned,
        last=options.until,
        noted=frozenset(node["id"] for node in document["nodes"]),
        sleep=at_once,
    )
    asyncio.run(meaning.run(trigger_id, execution_input(trigger_id)["trigger"]["output"], given))
    silent = {node["id"] for node in document["nodes"] if node["type"] == "start" or node["settings"].get("disabled")}
    for run, output in meaning.runs.items():
        if output is not None and run[0] not in silent | options.fired | options.pinned:
            toy.ran[run] = 1
            toy.outputs[run] = _json(output)
    return toy


def _real(toy: Toy, payload: dict[str, Any], services: Services) -> NodeOutput:
    if payload["node"]["type"] in ("wait", "turn"):  # its time is over at once
        first = toy.real({**payload, "phase": "wait"}, services)
        if "wait" not in first:
            given: NodeOutput = first["output"]
            return given
        payload["phase"] = "resume"
    output: NodeOutput = toy.real(payload, services)["output"]
    return output


class _Somebody(NodeFailed):
    """A failure of which nobody knows the node: of several, an engine may name any."""

    @property
    def node(self) -> None:
        return None

    @node.setter
    def node(self, node: Node | None) -> None:
        pass


def caught_in(document: dict[str, Any]) -> dict[str, set[str]]:
    """Return per node in the region of a try, the nodes of the outermost such region."""
    regions = [_inner(document, ("try",), node["id"]) for node in document["nodes"] if node["type"] == "try"]
    return {node: region for region in sorted(regions, key=len) for node in region}


def _node_failed(toy: Toy, node: Node, run: Run, failure: TaskFailed) -> NodeFailed:
    """Return a failure as the machine's catchers tell of it."""
    policy = node.settings.retry
    retried = failure.error == "Flaky" and policy is not None and run.attempt <= policy.max_attempts
    if node.settings.on_error is OnError.STOP and (run.iteration or node.id in toy.caught) and not retried:
        # A round that fails may fail its loop, and with it the region that the loop is in.
        toy.broken |= {run.iteration.partition(".")[0]} - {""} | toy.caught.get(node.id, set())
        return _Somebody(BROKEN)
    told: StepFailure = {"error": failure.error, "cause": failure.cause, "waits": node.type == "asks"}
    return NodeFailed(told_of(told))


def _not_asked(step: Any) -> Any:
    raise AssertionError("the behaviour of a node makes no error items")


def _payload(node: Node, settings: Mapping[str, Any], inputs: Inputs, run: Run) -> dict[str, Any]:
    names = sorted(references(node.params).names)
    return {
        **STEP_DEFAULTS,
        "context": context(),
        "node": {"id": node.id, "name": node.name, "type": node.type, "version": node.version},
        "params": node.params,
        "settings": {**settings, "executeOnce": node.settings.execute_once},
        "inputs": dict(inputs),
        "refs": {name: run.outputs.get(name.lower()) for name in names},
        "paired": {name: name.lower() for name in names},
        "attempt": run.attempt,
        "inlineLimit": 1 << 40,
        "iteration": run.iteration,
    }


def _names(text: str) -> list[str]:
    return [text.split("'")[1]] if text else []


def _json(output: NodeOutput) -> dict[str, list[Any]]:
    return {port: [item["json"] for item in batch["items"]] for port, batch in output.items()}


def _batch(items: list[Item]) -> Batch:
    return {"count": len(items), "items": items}


def execution_input(trigger_id: str) -> dict[str, Any]:
    items: list[Item] = [{"json": {"from": trigger_id, "n": number}} for number in range(3)]
    return {"context": context(), "trigger": {"nodeId": trigger_id, "output": {"main": _batch(items)}}}
