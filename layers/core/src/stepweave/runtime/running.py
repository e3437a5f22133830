"""One step from payload to result: fetch, evaluate, run, store, tell. Everything of it that is not Lambda."""

import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from stepweave.model.events import EventType
from stepweave.model.items import Item, NodeOutput
from stepweave.model.step import StepPayload, StepResult
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Vault
from stepweave.runtime.deadline import DeadlineReached, ends_at
from stepweave.runtime.errors import NodeCrashed, NodeError, NodeTimeout
from stepweave.runtime.events import Outbox, Send, event, native_runs
from stepweave.runtime.parameters import Parameters
from stepweave.runtime.results import checked, stored
from stepweave.runtime.scope import StepScope
from stepweave.runtime.step import Step, StepParts, node_fields
from stepweave.spec.node import NodeSpec, output_ports

Run = Callable[[Step[Any]], Mapping[str, Iterable[Item]]]
"""A node's behaviour: output port -> items."""


LATER_PHASES: Final = frozenset(("collect", "turn", "resume", "timedOut"))
"""Phases of a node that has started before."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a step needs from outside: where events go, where large data lies, who has the credentials."""

    send: Send
    claims: Claims
    vault: Vault


def run_step(spec: NodeSpec, run: Run, payload: StepPayload, services: Services, *, seconds: float) -> StepResult:
    """Run one step, tell of it, and return its result.

    Args:
        spec: the node type.
        run: its behaviour.
        payload: what the state machine gives.
        services: the outside.
        seconds: how long it may take, telling included.

    Raises:
        NodeError: the step failed. The class name is what the machine's Retry and Catch match.
    """
    begun = time.perf_counter()
    deadline = time.monotonic() + seconds
    node, attempt = payload["node"], payload["attempt"]
    outbox = Outbox(payload["context"], services.send)
    fields = node_fields(node["id"], attempt, payload["iteration"])
    outbox.add(*native_runs(payload["context"]["executionId"], payload["native"], payload["iteration"]))
    if payload["phase"] not in LATER_PHASES:
        outbox.add(event(EventType.NODE_STARTED, **fields))
    outbox.send_after()
    try:
        result, suspended = _guarded(spec, run, payload, services, outbox, deadline)
    except NodeError as error:
        retrying = error.retryable and attempt < payload["settings"]["maxAttempts"]
        outbox.add(
            event(
                EventType.NODE_RETRYING if retrying else EventType.NODE_FAILED,
                **fields,
                error=error.to_json(),
                input=payload["inputs"],
                durationMs=_since(begun),
            )
        )
        outbox.close()
        raise
    if not suspended:
        outbox.add(
            event(
                EventType.NODE_SUCCEEDED,
                **fields,
                input=payload["inputs"],
                output=result["output"],
                durationMs=_since(begun),
            )
        )
    outbox.close()
    return result


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)


def _guarded(
    spec: NodeSpec, run: Run, payload: StepPayload, services: Services, outbox: Outbox, deadline: float
) -> tuple[StepResult, bool]:
    """Run within the deadline, with errors nobody foresaw and whole-step error items dealt with.

    Returns:
        The result, and whether the node is yet to end.
    """
    step: Step[Any] | None = None
    try:
        with ends_at(deadline):
            step = _step(spec, payload, services, outbox, deadline)
            return _result(run(step), step, spec, payload, services), step.suspended
    except NodeError as error:
        failure = error
    except DeadlineReached:
        failure = NodeTimeout(
            f"The step did not end within its {time_limit(payload, spec):g} seconds.",
            "Give the node fewer items or a longer time-out, or make what it calls faster.",
        )
    except Exception as error:
        # A mistake in a node must reach people as a named error, and its place the function's log.
        _log_place(error)
        failure = NodeCrashed(
            f"The node failed in a way nobody foresaw ({type(error).__name__}).",
            "This is a mistake in the node: report it with the execution's id.",
        )
    if step is None or not step.goes_on_after(failure):
        raise failure
    return _failed_items(step, failure, spec, payload, services), False


def time_limit(payload: StepPayload, spec: NodeSpec) -> float:
    """Return how long the node may take by its settings, or by its spec."""
    return payload["settings"].get("timeoutSeconds") or spec.timeout_seconds


def _step(spec: NodeSpec, payload: StepPayload, services: Services, outbox: Outbox, deadline: float) -> Step[Any]:
    context, settings = payload["context"], payload["settings"]
    inputs: dict[str, list[Item]] = {}
    for port, batches in payload["inputs"].items():
        parts = [services.claims.fetch(batch, context["tenantId"]) for batch in batches]
        items = parts[0] if len(parts) == 1 else [entry for part in parts for entry in part]
        inputs[port] = items[:1] if settings.get("executeOnce") else items
    main = inputs["main"] if "main" in inputs else next(iter(inputs.values()), [])
    scope = StepScope(payload, main, services.claims)
    return Step(
        StepParts(
            context=context,
            node=payload["node"],
            settings=settings,
            attempt=payload["attempt"],
            inputs=inputs,
            parameters=Parameters(spec.params, payload["params"], scope.evaluate),
            scope=scope.scope,
            outbox=outbox,
            claims=services.claims,
            vault=services.vault,
            deadline=deadline,
            first_port=_first_port(spec, payload),
            iteration=payload["iteration"],
            phase=payload["phase"],
            task_token=payload["taskToken"],
            loop=payload["loop"],
            inline_limit=payload["inlineLimit"],
            batches=payload["inputs"],
        )
    )


def _result(
    given: Mapping[str, Iterable[Item]], step: Step[Any], spec: NodeSpec, payload: StepPayload, services: Services
) -> StepResult:
    result = checked(given, (port.name for port in output_ports(spec, payload["params"])))
    if payload["settings"].get("alwaysOutput") and not any(result.values()) and not step.suspended:
        result = {_first_port(spec, payload): [{"json": {}}]}
    output: NodeOutput = stored(
        result, services.claims, step.key("").removesuffix("-"), payload["inlineLimit"], step.tell_mended
    )
    whole: dict[str, Any] = {**step.extra, "output": output}
    if step.response:
        whole["response"] = step.response
    return cast("StepResult", whole)


def _first_port(spec: NodeSpec, payload: StepPayload) -> str:
    """Return the port that items go to by default; `main` for a node without ports, which emits nothing."""
    ports = output_ports(spec, payload["params"])
    return ports[0].name if ports else "main"


def _failed_items(
    step: Step[Any], failure: NodeError, spec: NodeSpec, payload: StepPayload, services: Services
) -> StepResult:
    """Return the result of a step that failed as a whole, where the node goes on after errors."""
    step.log("error", failure.message, failure.to_json())
    result: dict[str, list[Item]] = {}
    items: list[Item] = step.items() or [{"json": {}}]
    for item in items:
        port, failed = step.error_item(failure, item)
        result.setdefault(port, []).append(failed)
    return _result(result, step, spec, payload, services)


def _log_place(error: Exception) -> None:
    """Write where an error arose to the function's log; not what it said, which may hold data or secrets."""
    places = traceback.extract_tb(error.__traceback__)[-12:]
    lines = [f"{place.filename}:{place.lineno} {place.name}" for place in places]
    sys.stderr.write(f"NodeCrashed: {type(error).__name__}\n  " + "\n  ".join(lines) + "\n")
