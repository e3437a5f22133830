"""The states of single nodes: the Task that invokes a node's function, its retries, its catcher, its payload."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.tools import asks_model
from stepweave.compiler.edges import ERROR_PORT
from stepweave.compiler.emit.scope import Scope, State
from stepweave.compiler.literals import expression, inner, literal, path, quoted
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.limits import STATE_BYTES
from stepweave.compiler.optimise.plan import Plan
from stepweave.model.step import STEP_DEFAULTS
from stepweave.model.workflow import Node, OnError
from stepweave.spec.catalogue import CatalogueEntry

_NONE: Final[Mapping[str, Any]] = {}
LAMBDA_INVOKE: Final = "arn:aws:states:::lambda:invoke"
WAIT_FOR_TOKEN: Final = f"{LAMBDA_INVOKE}.waitForTaskToken"
LONGEST_SECONDS: Final = 365 * 24 * 3600
"""A Standard execution's longest life (Step Functions quotas)."""
START_MARGIN_SECONDS: Final = 15
"""Added to a function's own limit for a Task without a time-out: a cold start and queueing come on top of it."""

SERVICE_RETRY: Final = {
    "ErrorEquals": [
        "Lambda.TooManyRequestsException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.ClientExecutionTimeoutException",
    ],
    "MaxAttempts": 6,
    "MaxDelaySeconds": 30,
    "JitterStrategy": "FULL",
}
"""What Lambda itself may answer instead of running the function (Step Functions developer guide, "Handle transient
Lambda service exceptions"). The node did not run, so trying again is right whatever the node's own retries say.
Interval (1 s) and rate (2) are ASL's defaults."""

PLATFORM_NAMES: Final = {
    "NodeTimeout": ("States.Timeout", "Sandbox.Timedout"),
    "NodeCrashed": ("Lambda.Unknown", "Runtime.ExitError"),
}
"""How the platform reports what the adapter could not: retried exactly when the node's spec calls the error retryable,
because a step cut off half way may have acted."""


def task(
    plan: Plan,
    scope: Scope,
    node: int,
    facts: Facts,
    prefix: str,
    *,
    phase: str = "",
    begins: bool = False,
    waits: int | None = None,
    more: Mapping[str, Any] = _NONE,
) -> State:
    """Return the Task of a node, all but its `Next`, `Assign` and `Catch`.

    Args:
        plan: the graph and what is known of it.
        scope: where it runs.
        node: its number.
        facts: what is known there.
        prefix: of the functions' names.
        phase: which of the node's phases it is.
        begins: whether the node starts with this phase; with no phase it does.
        waits: the seconds that this phase waits for its token; None for one that does not, or as the node says.
        more: of the step's payload: a loop's `loop`, `inputs` or `params` in place of the node's own.
    """
    document, entry = plan.graph.nodes[node], plan.graph.entries[node]
    waiting = waits is not None or (entry.waits(document.params) and not phase)
    # What a step payload has by default is left out: a definition may have 1 MB, about 1,000 steps.
    optional = {
        "settings": _settings(document, entry),
        "refs": {} if "refs" in more else _refs(plan, scope, node, facts),
        "paired": {} if "refs" in more else _paired(plan, node),
        "inlineLimit": _inline_limit(plan, scope, node),
        "iteration": expression(scope.iteration) if scope.iteration else "",
        "phase": phase,
        "taskToken": "{% $states.context.Task.Token %}" if waiting else "",
        # A failure tells again: the first run may have been cut off before it told.
        "native": told(scope, facts, plan, plan.lowered.told.get(node, ())) if begins or not phase else [],
        "tool": _asked_of_model(plan, scope, node),
        **more,
    }
    return {
        "Type": "Task",
        "Resource": WAIT_FOR_TOKEN if waiting else LAMBDA_INVOKE,
        "Arguments": {
            "FunctionName": f"{prefix}-{entry.function_name}",
            "Payload": {
                "context": expression(scope.shared("context")),
                "node": {
                    "id": document.id,
                    "name": literal(document.name),
                    "type": document.type,
                    "version": document.version,
                },
                "params": literal(document.params),
                "inputs": {} if "inputs" in more else _inputs(plan, scope, node, facts),
                "attempt": "{% $states.context.State.RetryCount + 1 %}",
                **{name: value for name, value in optional.items() if value != STEP_DEFAULTS.get(name)},
            },
        },
        "Retry": _retry(document, entry, waiting),
        "TimeoutSeconds": waits or _time_out(document, entry, waiting),
        "Output": scope.passed_on,
    }


def _asked_of_model(plan: Plan, scope: Scope, node: int) -> str | None:
    """Return JSONata for what a model gave for the values that a node of an agent's tool asks for."""
    graph = plan.graph
    around = [agent for agent, body in graph.bodies.items() if graph.kinds[agent].picks and body >> node & 1]
    if not around or not asks_model(graph, node):
        return None
    agent = max(around)  # the innermost: it comes after those that it is a tool of
    return expression(path(scope.source(agent), "output", graph.kinds[agent].body))


def told(
    scope: Scope, facts: Facts, plan: Plan, nodes: Iterable[int], setting: Mapping[str, Any] = _NONE
) -> str | list[Any]:
    """Return the runs (`NativeRun`) of those of some lowered nodes that ran without their function.

    Args:
        scope: where it is told.
        facts: what is known there.
        plan: what the nodes are.
        nodes: the lowered nodes.
        setting: what the state assigns in which it is told, and does not see yet.
    """
    found = []
    for node in nodes:
        if facts.skipped >> node & 1:
            continue
        id = quoted(plan.graph.nodes[node].id)
        given = setting.get(scope.variable(node)) if scope.nodes >> node & 1 else None
        if isinstance(given, str):
            found.append(f'{inner(given)}.(native?{{"id":{id},"output":output}})')
            continue
        if not facts.ran >> node & 1:
            scope.may_be_unassigned(node)
        source = scope.source(node)
        found.append(f'{source}.native?{{"id":{id},"output":{source}.output}}')
    return expression(f"[{','.join(found)}]") if found else []


def result_of(state: State) -> str:
    """Return JSONata for the step result that a Task ends with."""
    return "$states.result" if state["Resource"] == WAIT_FOR_TOKEN else "$states.result.Payload"


def _time_out(node: Node, entry: CatalogueEntry, waiting: bool) -> int:
    if not waiting:
        return node.settings.timeout_seconds or entry.timeout_seconds + START_MARGIN_SECONDS
    wanted = node.params.get(entry.waiting.seconds) if entry.waiting and entry.waiting.seconds else None
    return int(wanted) if isinstance(wanted, int | float) and wanted > 0 else LONGEST_SECONDS


def _inline_limit(plan: Plan, scope: Scope, node: int) -> Any:
    """Return the bytes a result may have inline; in a loop the results of all rounds share a state."""
    limit = plan.inline_limits[node]
    loop = plan.returning.get(node)
    if loop is None:
        return limit
    return expression(f"$min([{limit}, $floor({STATE_BYTES} / {scope.source(loop)}.rounds)])")


def _settings(node: Node, entry: CatalogueEntry) -> dict[str, Any]:
    settings = node.settings
    emitted: dict[str, Any] = {
        "onError": settings.on_error.value if entry.output(ERROR_PORT) is None else OnError.BRANCH.value,
        "maxAttempts": 1 + (settings.retry.max_attempts if settings.retry else 0),
    }
    if settings.timeout_seconds:
        emitted["timeoutSeconds"] = settings.timeout_seconds
    if settings.execute_once:
        emitted["executeOnce"] = True
    if settings.always_output:
        emitted["alwaysOutput"] = True
    return emitted


def _inputs(plan: Plan, scope: Scope, node: int, facts: Facts) -> dict[str, Any]:
    """Return the input ports' batches as array constructors, in which a port without items leaves no trace."""
    inputs: dict[str, Any] = {}
    for port, sources in plan.graph.inputs[node].items():
        paths = [
            f"{batch}{_label(plan, source, node)}"
            for source in sources
            for batch in live_paths(plan, scope, (source,), facts)
        ]
        inputs[port] = expression(f"[{', '.join(paths)}]") if paths else []
    return inputs


def labelled_inputs(plan: Plan, scope: Scope, node: int, facts: Facts) -> dict[str, Any]:
    """Return as `_inputs`, each batch with whose output it is (`Batch.of`)."""
    inputs: dict[str, Any] = {}
    for port, sources in plan.graph.inputs[node].items():
        paths = [
            batch + _origin(plan, source) for source in sources for batch in live_paths(plan, scope, (source,), facts)
        ]
        inputs[port] = expression(f"[{', '.join(paths)}]") if paths else []
    return inputs


def _label(plan: Plan, port: int, node: int) -> str:
    """Return JSONata that says behind a batch whose output it is (`Batch.of`), where the node notes its places."""
    return _origin(plan, port) if plan.lineage.is_noted(plan.graph.ports[port][0], node) else ""


def _origin(plan: Plan, port: int) -> str:
    """Return JSONata that says behind a batch whose output it is."""
    source, name = plan.graph.ports[port]
    return f'.$merge([$,{{"of":{quoted([plan.graph.nodes[source].id, name])}}}])'


def _paired(plan: Plan, node: int) -> Any:
    """Return the ids of the nodes that the node's expressions may read item by item, by name."""
    read = {name: plan.refs[node][name] for name in sorted(plan.lineage.names(node))}
    return literal({name: plan.graph.nodes[source].id for name, source in read.items() if source is not None})


def live_paths(plan: Plan, scope: Scope, ports: Iterable[int], facts: Facts) -> list[str]:
    """Return JSONata for the batches of ports that may have items; a port without any gives nothing."""
    paths = []
    for port in ports:
        if facts.dead >> port & 1:
            continue
        origin, name = plan.graph.ports[port]
        if not facts.ran >> origin & 1:
            scope.may_be_unassigned(origin)
        paths.append(path(scope.source(origin), "output", name))
    return paths


def _refs(plan: Plan, scope: Scope, node: int, facts: Facts) -> Any:
    """Return the outputs that the node's expressions refer to: one quoted path each, null where a node did not run."""
    refs: dict[str, Any] = {}
    for name, source in plan.refs[node].items():
        refs[name] = None if source is None else read(scope, source, facts, "output")
    if any(_unsafe_key(name) for name in refs):
        pairs = (f"{quoted(name)}: {'null' if value is None else inner(value)}" for name, value in refs.items())
        return expression("{" + ", ".join(pairs) + "}")
    return refs


def _unsafe_key(name: str) -> bool:
    return name.endswith(".$") or name.startswith("{%")


def read(scope: Scope, node: int, facts: Facts, part: str) -> str | None:
    """Return an expression for `output` or `response` of a node's result; null where the node did not run."""
    if facts.skipped >> node & 1:
        return None
    found = path(scope.source(node), part)
    if part == "output" and facts.ran >> node & 1:
        return expression(found)
    if not facts.ran >> node & 1:
        scope.may_be_unassigned(node)
    return expression(f"$exists({found}) ? {found} : null")


def _retry(node: Node, entry: CatalogueEntry, waiting: bool) -> list[dict[str, Any]]:
    policy = node.settings.retry
    retriers: list[dict[str, Any]] = [SERVICE_RETRY]
    if policy and policy.max_attempts and entry.retryable:
        retriers.append(
            {
                # A state that waits for a token and reaches its time-out is not tried again: its time is over.
                "ErrorEquals": [*entry.retryable, *(() if waiting else _platform_names(entry))],
                "IntervalSeconds": policy.interval_seconds,
                "BackoffRate": policy.backoff_rate,
                "MaxAttempts": policy.max_attempts,
                "MaxDelaySeconds": policy.max_delay_seconds,
                "JitterStrategy": "FULL",
            }
        )
    return retriers


def _platform_names(entry: CatalogueEntry) -> list[str]:
    return [name for error in entry.retryable for name in PLATFORM_NAMES.get(error, ())]


def port_number(plan: Plan, node: int, name: str) -> int | None:
    """Return the number of a node's output port; None where no edge leaves from it."""
    return next((port for port in bits(plan.graph.out_ports[node]) if plan.graph.ports[port][1] == name), None)
