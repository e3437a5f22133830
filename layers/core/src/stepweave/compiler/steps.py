"""The states of single nodes: the Task that invokes a node's function, its retries, its catcher, its payload."""

from typing import Any, Final

from stepweave.compiler.graph import ERROR_PORT, bits
from stepweave.compiler.literals import expression, literal, path
from stepweave.compiler.liveness import Facts
from stepweave.compiler.plan import Plan
from stepweave.compiler.scope import Scope, State
from stepweave.model.step import STEP_DEFAULTS
from stepweave.model.workflow import Node, OnError
from stepweave.spec.catalogue import CatalogueEntry

LAMBDA_INVOKE: Final = "arn:aws:states:::lambda:invoke"
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


def task(plan: Plan, scope: Scope, node: int, facts: Facts, prefix: str) -> State:
    """Return the Task of a node, all but its `Next`, `Assign` and `Catch`."""
    document, entry = plan.graph.nodes[node], plan.graph.entries[node]
    # What a step payload has by default is left out: a definition may have 1 MB, about 1,000 steps.
    optional = {
        "settings": _settings(document),
        "refs": _refs(plan, scope, node, facts),
        "inlineLimit": plan.inline_limits[node],
    }
    return {
        "Type": "Task",
        "Resource": LAMBDA_INVOKE,
        "Arguments": {
            "FunctionName": f"{prefix}-{entry.function_name}",
            "Payload": {
                "context": "{% $context %}",
                "node": {
                    "id": document.id,
                    "name": literal(document.name),
                    "type": document.type,
                    "version": document.version,
                },
                "params": literal(document.params),
                "inputs": _inputs(plan, scope, node, facts),
                "attempt": "{% $states.context.State.RetryCount + 1 %}",
                **{name: value for name, value in optional.items() if value != STEP_DEFAULTS[name]},
            },
        },
        "Retry": _retry(document, entry),
        "TimeoutSeconds": document.settings.timeout_seconds or entry.timeout_seconds + START_MARGIN_SECONDS,
        "Output": {},
    }


def _settings(node: Node) -> dict[str, Any]:
    settings = node.settings
    emitted: dict[str, Any] = {
        "onError": settings.on_error.value,
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
        paths = []
        for source in sources:
            if facts.dead >> source & 1:
                continue
            origin, name = plan.graph.ports[source]
            if not facts.ran >> origin & 1:
                scope.may_be_unassigned(origin)
            paths.append(path(scope.variable(origin), "output", name))
        inputs[port] = expression(f"[{', '.join(paths)}]") if paths else []
    return inputs


def _refs(plan: Plan, scope: Scope, node: int, facts: Facts) -> Any:
    """Return the outputs that the node's expressions refer to: one quoted path each, null where a node did not run."""
    refs: dict[str, Any] = {}
    for name, source in plan.refs[node].items():
        refs[name] = None if source is None else read(scope, source, facts, "output")
    if any(_unsafe_key(name) for name in refs):
        pairs = (f"{literal_key(name)}: {_inner(value)}" for name, value in refs.items())
        return expression("{" + ", ".join(pairs) + "}")
    return refs


def _unsafe_key(name: str) -> bool:
    return name.endswith(".$") or name.startswith("{%")


def literal_key(name: str) -> str:
    """Return a name as a key of a JSONata object."""
    from stepweave.compiler.literals import quoted

    return quoted(name)


def _inner(value: str | None) -> str:
    """Return the JSONata source within an emitted expression."""
    return "null" if value is None else value.removeprefix("{% ").removesuffix(" %}")


def read(scope: Scope, node: int, facts: Facts, part: str) -> str | None:
    """Return an expression for `output` or `response` of a node's result; null where the node did not run."""
    if facts.skipped >> node & 1:
        return None
    found = path(scope.variable(node), part)
    if part == "output" and facts.ran >> node & 1:
        return expression(found)
    if not facts.ran >> node & 1:
        scope.may_be_unassigned(node)
    return expression(f"$exists({found}) ? {found} : null")


def _retry(node: Node, entry: CatalogueEntry) -> list[dict[str, Any]]:
    policy = node.settings.retry
    retriers: list[dict[str, Any]] = [SERVICE_RETRY]
    if policy and policy.max_attempts and entry.retryable:
        retriers.append(
            {
                "ErrorEquals": [*entry.retryable, *_platform_names(entry)],
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


def failure_port(node: Node, entry: CatalogueEntry) -> str | None:
    """Return the port that gets a failure as an item; None where a failure ends the execution."""
    if node.settings.on_error is OnError.BRANCH:
        return ERROR_PORT
    ports = entry.ports(node.params)
    if node.settings.on_error is OnError.CONTINUE and ports:
        return ports[0].name
    return None


def failure_output(port: str) -> dict[str, Any]:
    """Return the result of a step that the platform cut off, made of what Step Functions says about it."""
    cause = "$states.errorOutput.Cause"
    error = {
        "type": "{% $states.errorOutput.Error %}",
        "message": expression(f'$exists({cause}) ? {cause} : ""'),
    }
    return {"output": {port: {"count": 1, "items": [{"json": {"error": error}}]}}}


def port_number(plan: Plan, node: int, name: str) -> int | None:
    """Return the number of a node's output port; None where no edge leaves from it."""
    return next((port for port in bits(plan.graph.out_ports[node]) if plan.graph.ports[port][1] == name), None)
