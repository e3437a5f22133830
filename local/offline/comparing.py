"""What a replay gave beside what happened, node by node; and the same as a file that `stepweave test` runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from local.offline.changes import Ports, same
from local.offline.replay import Recorded, Recording, Replayed
from local.offline.testing import CannotTest, PortCheck, place, trigger_of
from stepweave.compiler.edges import output_names
from stepweave.model.items import Item
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.catalogue import Catalogue

State = Literal["same", "differs", "did not run", "ran only now"]
ENDED = ("succeeded", "failed")
"""How an execution ends by itself; all others were ended."""


class CannotReplay(Exception):
    """The replay makes no sense. `str()` says why, and what to do."""


@dataclass(frozen=True)
class RoundDiff:
    """What a node run gave that differs, by port: `expected` is what it gave then."""

    iteration: str
    ports: tuple[PortCheck, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        ports = [{"port": one.port, "then": one.expected, "now": one.actual} for one in self.ports]
        return {"iteration": self.iteration, "ports": ports}


@dataclass(frozen=True)
class NodeDiff:
    """What became of a node. `how` is what was done for it: it really ran, or answered as recorded."""

    id: str
    name: str
    state: State
    how: str
    rounds: tuple[RoundDiff, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        rounds = [one.to_json() for one in self.rounds]
        known = {"id": self.id, "name": self.name, "state": self.state, "how": self.how}
        return {**known, "notes": list(self.notes), "rounds": rounds}


@dataclass(frozen=True)
class Difference:
    """A replay beside its execution."""

    execution_id: str
    status: str
    then: Mapping[str, Any] | None
    now: Mapping[str, Any] | None
    nodes: tuple[NodeDiff, ...]

    @property
    def ends_differ(self) -> bool:
        """Whether it ends in another way than it did by itself."""
        if self.status not in ENDED:
            return False
        return (self.then or {}).get("type") != (self.now or {}).get("type")

    @property
    def same(self) -> bool:
        """Whether everything is as it was."""
        return not self.ends_differ and all(node.state == "same" for node in self.nodes)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "executionId": self.execution_id,
            "same": self.same,
            "then": {"status": self.status, "error": dict(self.then) if self.then else None},
            "now": {"status": "failed" if self.now else "succeeded", "error": dict(self.now) if self.now else None},
            "nodes": [node.to_json() for node in self.nodes],
        }

    def lines(self) -> list[str]:
        """Return it for people: a line per node, and what differs below it."""
        found = []
        for node in self.nodes:
            found.append(f"{node.name}: {node.state}  ({node.how})")
            found += (f"    {note}" for note in node.notes)
            for one in node.rounds:
                at = (
                    f"round {'.'.join(str(int(part) + 1) for part in one.iteration.split('.'))}, "
                    if one.iteration
                    else ""
                )
                for port in one.ports:
                    found += (f"    {line}" for line in [f"{at}port {port.port}", *port.diff("then", "now")])
        if self.ends_differ:
            found.append(f"END DIFFERS  then: {_end(self.then, self.status)}")
            found.append(f"             now:  {_end(self.now, 'succeeded')}")
        elif self.now:
            found.append(f"ended as then: {_end(self.now, '')}")
        differing = sum(node.state != "same" for node in self.nodes)
        found.append(f"{len(self.nodes) - differing} of {len(self.nodes)} nodes are the same")
        return found


def _end(error: Mapping[str, Any] | None, status: str) -> str:
    if error is None:
        return status
    where = error.get("node")
    name = where.get("name") if isinstance(where, dict) else where
    return f"{f'{name}: ' if name else ''}{error.get('type')}: {error.get('message')}"


def difference(recording: Recording, workflow: Workflow, replayed: Replayed, catalogue: Catalogue) -> Difference:
    """Return what differs between an execution and its replay."""
    error = replayed.outcome.error
    tools = _tools(workflow, catalogue)
    nodes: dict[str, str] = {node.id: node.name for node in recording.document.nodes}
    nodes |= {node.id: node.name for node in workflow.nodes}
    there = {node.id for node in workflow.nodes}
    found: list[NodeDiff] = []
    for node_id, name in nodes.items():
        before = {at: run for (id, at), run in recording.runs.items() if id == node_id}
        after = {at: out for (id, at), out in replayed.outcome.runs.items() if id == node_id and out is not None}
        if node_id == recording.trigger_id:
            continue
        state: State
        notes, how = list[str](), "ran" if node_id in replayed.ran else "as recorded"
        if node_id in tools:
            if node_id in replayed.changed:
                notes = ["It is an agent's tool and was changed, but agents answer as recorded: it was not called."]
                found.append(NodeDiff(node_id, name, "did not run", how, notes=tuple(notes)))
            continue
        ran_before = any(run.output is not None for run in before.values())
        ran_after = any(any(out.values()) or at in before or node_id in replayed.ran for at, out in after.items())
        if not before and not ran_after:
            continue
        if node_id in replayed.assumed:
            notes.append("What goes in differs, and it cannot run here: it answered as then.")
        if error is not None and not ran_after and before and node_id in there:
            # What the failure kept from running is told by how it ended, where that differs.
            failed = any(run.status == "failed" for run in before.values()) and not ran_before
            state = "did not run" if ran_before and _differs(recording, error) else "same"
            found.append(NodeDiff(node_id, name, state, "failed" if failed else "not reached", notes=tuple(notes)))
            continue
        if node_id not in there:
            state = "did not run" if ran_before else "same"
            found.append(NodeDiff(node_id, name, state, "it is gone from the workflow"))
            continue
        rounds = tuple(_rounds(before, after))
        if ran_before and not ran_after:
            found.append(NodeDiff(node_id, name, "did not run", how, rounds, tuple(notes)))
        elif ran_after and not ran_before:
            found.append(NodeDiff(node_id, name, "ran only now", how, rounds, tuple(notes)))
        else:
            found.append(NodeDiff(node_id, name, "differs" if rounds else "same", how, rounds, tuple(notes)))
    return Difference(recording.context["executionId"], recording.status, recording.error, error, tuple(found))


def _differs(recording: Recording, error: Mapping[str, Any]) -> bool:
    return (recording.error or {}).get("type") != error.get("type")


def _rounds(before: Mapping[str, Recorded], after: Mapping[str, Ports]) -> list[RoundDiff]:
    found = []
    for iteration in sorted(before.keys() | after.keys(), key=place):
        run = before.get(iteration)
        then: Ports = (run.output if run is not None else None) or {}
        now: Ports = after.get(iteration) or {}
        if same(then, now):
            continue
        checks = (PortCheck(port, then.get(port, []), now.get(port, [])) for port in sorted({*then, *now}))
        found.append(RoundDiff(iteration, tuple(check for check in checks if not check.passed)))
    return found


def _tools(workflow: Workflow, catalogue: Catalogue) -> set[str]:
    """Return the nodes that only agents call."""
    entries = {node.id: catalogue.get(node.type, node.version) for node in workflow.nodes}
    agents = {node.id for node in workflow.nodes if (it := entries[node.id]) and it.kind(node.params) == "agent"}
    found: set[str] = set()
    waiting = [edge.target for edge in workflow.edges if edge.source in agents and edge.source_port == "tools"]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting += [edge.target for edge in workflow.edges if edge.source == node_id]
    return found


def as_test(recording: Recording, workflow: Workflow, probed: Replayed, catalogue: Catalogue) -> dict[str, Any]:
    """Return a workflow with what its nodes gave, as `stepweave test` takes it.

    What cannot run offline, or gives something else each time, has it as its answer (`pinned`); all others must give it
    again (`expected`).

    Args:
        recording: the execution.
        workflow: what is to be tested.
        probed: a replay of the workflow, for which everything was tried.
        catalogue: its node types.

    Raises:
        CannotReplay: the execution is no test: it was of a part, or something that cannot run here gave
            something else in each round of a loop, or failed.
    """
    if recording.fired:
        raise CannotReplay("it began in the middle of the workflow, and a test begins at a trigger.")
    tools = _tools(workflow, catalogue)
    aside = (probed.outside | probed.unsteady | recording.given) - {recording.trigger_id}
    nodes = []
    for node in workflow.nodes:
        rounds = {at: run for (id, at), run in recording.runs.items() if id == node.id}
        ordered = [rounds[at] for at in sorted(rounds, key=place)]
        update: dict[str, Any] = {"pinned": None, "expected": None}
        if node.id == recording.trigger_id:
            update["pinned"] = {"main": next(iter((ordered[0].output or {}).values()), []) if ordered else []}
        elif node.id in aside and ordered and node.id not in tools:
            update["pinned"] = _pinned(node, ordered)
        elif node.id not in tools and not node.settings.disabled:
            update["expected"] = _expected(node, ordered, recording, catalogue)
        nodes.append(node.model_copy(update=update))
    document = workflow.model_copy(update={"nodes": nodes}).to_json()
    for made in document["nodes"]:  # type: ignore[attr-defined]  # a list of nodes
        for name in ("pinned", "expected"):
            if made.get(name) is None:
                made.pop(name, None)
    return document


def _pinned(node: Node, runs: list[Recorded]) -> dict[str, list[Item]]:
    outputs = [run.output for run in runs]
    failed = next((run for run in runs if run.output is None), None)
    if failed is not None:
        kind = (failed.error or {}).get("type", failed.status)
        raise CannotReplay(
            f"{node.name!r} cannot run offline, and failed ({kind}): a test has answers for such nodes and no failures."
        )
    first = outputs[0] or {}
    if any(not same(first, one or {}) for one in outputs):
        raise CannotReplay(
            f"{node.name!r} cannot run offline, and gave something else in each round of its loop: "
            "a test has one answer for it."
        )
    return {port: list(items) for port, items in first.items()}


def _expected(
    node: Node, runs: list[Recorded], recording: Recording, catalogue: Catalogue
) -> dict[str, list[Item]] | None:
    entry = catalogue.get(node.type, node.version)
    if entry is None or entry.trigger or any(run.output is None for run in runs):
        return None
    if not runs and recording.status != "succeeded":
        return None
    given = [run.output or {} for run in runs]
    names = output_names(node, entry)
    if entry.kind(node.params) in ("loop", "try"):
        names = [name for name in names if any(name in one for one in given)]
    return {name: [item for one in given for item in one.get(name, [])] for name in names}


def trigger_hint(document: dict[str, Any], recording: Recording, catalogue: Catalogue) -> str:
    """Return the option that the test needs, to begin at the execution's trigger; "" for none."""
    workflow = Workflow.model_validate(document)
    name = next(node.name for node in workflow.nodes if node.id == recording.trigger_id)
    try:
        return "" if trigger_of(workflow, catalogue, None).id == recording.trigger_id else f"--trigger {name!r}"
    except CannotTest:
        return ""
