"""`stepweave test`: runs a workflow offline and compares what nodes give with what the workflow says they should.

A node's `pinned` is its answer, without running it; its `expected` is what it must give, per output port. In a loop a
port's items are those of all rounds, one round after another.
"""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from local.offline.running import Outcome, run_workflow
from stepweave.compiler.edges import output_names
from stepweave.model.items import Item
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.catalogue import Catalogue

State = Literal["ran", "pinned", "failed", "skipped"]


class CannotTest(Exception):
    """The test makes no sense: no such trigger, or an expectation of a port that is not there. `str()` says it."""


@dataclass(frozen=True)
class PortCheck:
    """One expectation: what a port should have given, and what it gave."""

    port: str
    expected: list[Item]
    actual: list[Item]

    @property
    def passed(self) -> bool:
        """Whether they are the same. Of binary data its digest counts, not where it lies."""
        return [comparable(item) for item in self.expected] == [comparable(item) for item in self.actual]

    def to_json(self) -> dict[str, Any]:
        """Return the check as JSON data."""
        return {"port": self.port, "passed": self.passed, "expected": self.expected, "actual": self.actual}

    def diff(self, before: str = "expected", after: str = "actual") -> list[str]:
        """Return the lines that differ, as a unified diff of the items."""
        expected, actual = (
            json.dumps([comparable(item) for item in items], indent=2, ensure_ascii=False, sort_keys=True).splitlines()
            for items in (self.expected, self.actual)
        )
        return list(difflib.unified_diff(expected, actual, before, after, lineterm=""))


@dataclass(frozen=True)
class NodeReport:
    """What became of a node."""

    node: Node
    state: State
    rounds: int
    checks: tuple[PortCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether each expectation holds."""
        return all(check.passed for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "id": self.node.id,
            "name": self.node.name,
            "state": self.state,
            "rounds": self.rounds,
            "passed": self.passed,
            "ports": [check.to_json() for check in self.checks],
        }


@dataclass(frozen=True)
class Report:
    """What became of a test."""

    trigger: str
    nodes: tuple[NodeReport, ...]
    error: Mapping[str, Any] | None

    @property
    def passed(self) -> bool:
        """Whether the workflow ran to its end and each expectation holds."""
        return self.error is None and all(node.passed for node in self.nodes)

    @property
    def expectations(self) -> int:
        """How many ports have expectations."""
        return sum(len(node.checks) for node in self.nodes)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "passed": self.passed,
            "trigger": self.trigger,
            "expectations": self.expectations,
            "error": dict(self.error) if self.error else None,
            "nodes": [node.to_json() for node in self.nodes],
        }

    def lines(self) -> list[str]:
        """Return the report for people: a line per node that ran or has expectations, and what differs."""
        found = []
        for report in self.nodes:
            if report.state == "skipped" and not report.checks:
                continue
            rounds = f", {report.rounds} rounds" if report.rounds > 1 else ""
            judged = ("ok" if report.passed else "DIFFERS") if report.checks else ""
            found.append(f"{report.node.name}: {report.state}{rounds}{'  ' if judged else ''}{judged}")
            for check in report.checks:
                if not check.passed:
                    found += (f"    {line}" for line in [f"port {check.port}", *check.diff()])
        if self.error:
            where = f"{self.error['node']}: " if self.error.get("node") else ""
            found.append(f"FAILED  {where}{self.error['type']}: {self.error['message']}")
        differing = sum(not check.passed for report in self.nodes for check in report.checks)
        found.append(f"{self.expectations - differing} of {self.expectations} expectations hold")
        return found


def run_test(
    workflow: Workflow, catalogue: Catalogue, *, trigger: str | None = None, items: Sequence[Item] = ()
) -> Report:
    """Run a workflow that compiles, and compare.

    Args:
        workflow: with pinned and expected outputs.
        catalogue: its node types.
        trigger: name or id of the trigger to start at; by default the manual one, else the first.
        items: what to start with; by default what is pinned at the trigger, else what a manual trigger starts with.

    Raises:
        CannotTest: there is no such trigger, or none at all; pinned or expected items on a port that is not there.
    """
    for node in workflow.nodes:
        _check_ports(node, catalogue)
    start = trigger_of(workflow, catalogue, trigger)
    outcome = run_workflow(workflow, catalogue, start.id, list(items) or items_of(start))
    reports = tuple(_report(node, outcome, started=node.id == start.id) for node in workflow.nodes)
    return Report(start.name, reports, outcome.error)


def _check_ports(node: Node, catalogue: Catalogue) -> None:
    entry = catalogue.get(node.type, node.version)
    known = output_names(node, entry) if entry else []
    for field, ports in (("pinned", node.pinned), ("expected", node.expected)):
        for port in ports or ():
            if port not in known:
                raise CannotTest(f"{node.name!r} has {field} items on {port!r}; its ports are {', '.join(known)}.")


def _report(node: Node, outcome: Outcome, *, started: bool) -> NodeReport:
    rounds = {iteration: output for (node_id, iteration), output in outcome.runs.items() if node_id == node.id}
    outputs = [rounds[iteration] for iteration in sorted(rounds, key=place)]
    ran = [output for output in outputs if output is not None]
    checks = tuple(
        PortCheck(port, expected, [item for output in ran for item in output.get(port, [])])
        for port, expected in (node.expected or {}).items()
    )
    pinned = node.pinned is not None and not node.settings.disabled and not started
    state: State = "skipped" if not ran else "pinned" if pinned else "ran"
    if outcome.error and outcome.error.get("node") == node.name:
        state = "failed"
    return NodeReport(node, state, len(ran), checks)


def place(iteration: str) -> list[int]:
    """Return a round as what it is sorted by."""
    return [int(number) for number in iteration.split(".")] if iteration else []


def trigger_of(workflow: Workflow, catalogue: Catalogue, wanted: str | None) -> Node:
    """Return the trigger to start at: the one with that name or id, else the manual one, else the first.

    Raises:
        CannotTest: there is none.
    """
    found = [
        node
        for node in workflow.nodes
        if (entry := catalogue.get(node.type, node.version)) and entry.trigger and not node.settings.disabled
    ]
    names = ", ".join(repr(node.name) for node in found) or "none"
    if wanted is not None:
        found = [node for node in found if wanted in (node.name, node.id)]
        if not found:
            raise CannotTest(f"there is no trigger {wanted!r}; the workflow has {names}.")
    if not found:
        raise CannotTest("the workflow has no trigger that is not disabled; add one.")
    return next((node for node in found if node.type == "manual_trigger"), found[0])


def items_of(trigger: Node) -> list[Item]:
    """Return what a trigger starts with: what is pinned there, or what a manual one starts with by itself."""
    if trigger.pinned and trigger.pinned.get("main"):
        return trigger.pinned["main"]
    given = trigger.params.get("items") if trigger.type == "manual_trigger" else None
    return [{"json": json} for json in given or [{}]]


def comparable(item: Item) -> dict[str, Any]:
    """Return of an item what counts: of binary data its digest, not where it lies."""
    binary = {
        name: {key: ref.get(key) for key in ("sha256", "size", "mimeType", "fileName")}
        for name, ref in item.get("binary", {}).items()
    }
    return {"json": item["json"], "binary": binary} if binary else {"json": item["json"]}
