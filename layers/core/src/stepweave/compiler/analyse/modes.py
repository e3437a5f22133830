"""Standard or Express (DESIGN sections 4 and 7): Express answers at once, ends within five minutes, cannot wait."""

from stepweave.compiler.analyse.answers import answer_wanted
from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.masks import bits
from stepweave.compiler.result import MachineType
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Mode, Node, Workflow
from stepweave.spec.catalogue import CatalogueEntry

EXPRESS_SECONDS = 300
"""How long an Express execution may take (Step Functions quotas)."""


def choose(workflow: Workflow, graph: Graph) -> tuple[MachineType, list[Diagnostic]]:
    """Return the machine's type, and an error where Express is asked for and impossible."""
    mode = workflow.settings.mode
    if mode is Mode.STANDARD:
        return "STANDARD", []
    waiting = [number for number in bits(graph.steps) if _waits(graph, number)]
    if mode is Mode.EXPRESS and waiting:
        return "EXPRESS", [_cannot_wait(graph.nodes[number]) for number in waiting]
    seconds = longest(graph)
    limit = workflow.settings.timeout_seconds
    fits = min(seconds, limit or seconds) <= EXPRESS_SECONDS
    if mode is Mode.AUTO:
        return ("EXPRESS" if fits and not _lasts(graph) and _answers(graph) else "STANDARD"), []
    if fits:
        return "EXPRESS", []
    message = f"The workflow may take {seconds} s; Express executions end after {EXPRESS_SECONDS} s."
    remedy = "Shorten the nodes' time-outs or retries, set a time-out for the workflow, or choose Standard."
    return "EXPRESS", [Diagnostic(code="express_too_long", message=message, remedy=remedy, field="settings.mode")]


def _waits(graph: Graph, number: int) -> bool:
    """Whether executions stand at a node, or at what stands around it (a stop), until somebody lets them go on."""
    around = graph.around.get(number)
    return graph.entries[number].waits(graph.nodes[number].params) or (around is not None and around.lasts)


def _cannot_wait(node: Node) -> Diagnostic:
    return Diagnostic(
        code="express_cannot_wait",
        message=f"{node.name!r} waits for somebody outside; Express executions cannot.",
        remedy="Choose Standard or automatic.",
        node_id=node.id,
        field="settings.mode",
    )


def _lasts(graph: Graph) -> bool:
    """Whether an execution may stand at a node for long, or go round."""
    kinds = [*(graph.kinds[node] for node in bits(graph.steps)), *graph.around.values()]
    return bool(graph.bodies) or any(kind.lasts for kind in kinds)


def _answers(graph: Graph) -> bool:
    return bool(answer_wanted(graph) - {"immediately"})


def longest(graph: Graph) -> int:
    """Return the seconds of the longest way through the graph, every step and retry taking all its time."""
    until: list[int] = []
    for number, node in enumerate(graph.nodes):
        before = max((until[pred] for pred in bits(graph.preds[number])), default=0)
        runs = graph.steps & ~graph.pinned
        own = step_seconds(node, graph.entries[number]) if runs >> number & 1 else 0
        until.append(before + own)
    return max(until, default=0)


def step_seconds(node: Node, entry: CatalogueEntry) -> int:
    """Return the seconds a step may take with all its retries."""
    once = node.settings.timeout_seconds or entry.timeout_seconds
    retry = node.settings.retry
    if retry is None or not entry.retryable:
        return once
    waits = sum(
        min(retry.max_delay_seconds, retry.interval_seconds * retry.backoff_rate**round_)
        for round_ in range(retry.max_attempts)
    )
    return int(once * (1 + retry.max_attempts) + waits)
