"""One step from payload to result: fetch, evaluate, run, store, tell. Everything of it that is not Lambda."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from stepweave.model.events import Event, EventType
from stepweave.model.items import Item, NodeOutput
from stepweave.model.lineage import carried, descended, one_of, without
from stepweave.model.step import StepPayload, StepResult
from stepweave.model.usage import Usage
from stepweave.runtime.attempts import LONGEST_WAIT, Progress, keeps, load, save
from stepweave.runtime.claims import Claims
from stepweave.runtime.crashing import MISREADING, crashed, misread
from stepweave.runtime.credentials import Vault
from stepweave.runtime.deadline import DeadlineReached, ends_at
from stepweave.runtime.errors import EventDeliveryError, NodeCrashed, NodeError, NodeTimeout
from stepweave.runtime.events import Outbox, Send, event, native_runs
from stepweave.runtime.failing import PHASES as FAILED_PHASES
from stepweave.runtime.failing import failed_items
from stepweave.runtime.inputs import fetched_inputs, told_inputs
from stepweave.runtime.metering import Meter, metered
from stepweave.runtime.parameters import Parameters
from stepweave.runtime.parts import StepParts, node_fields
from stepweave.runtime.results import checked, stored
from stepweave.runtime.scope import StepScope
from stepweave.runtime.step import Step
from stepweave.runtime.storing import Invoke, store_function
from stepweave.runtime.streaming import Stored, Streamed, settled
from stepweave.spec.node import NodeSpec
from stepweave.spec.ports import output_ports

Run = Callable[[Step[Any]], Mapping[str, Iterable[Item]]]
"""A node's behaviour: output port -> items."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a step needs from outside: where events go, where large data lies, who has the credentials and the store."""

    send: Send
    claims: Claims
    vault: Vault
    store: Invoke = field(default_factory=store_function)


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
    if spec.begins(payload["phase"]):
        outbox.add(event(EventType.NODE_STARTED, **fields))
    outbox.send_after()
    meter = Meter()
    try:
        with metered(meter):
            result, suspended = _guarded(spec, run, payload, services, outbox, meter, deadline)
    except NodeError as error:
        retrying = error.retryable and attempt < payload["settings"]["maxAttempts"]
        # Where the machine has error items made of the failure, the step that makes them tells of the node's end.
        type = EventType.NODE_RETRYING if retrying else EventType.NODE_FAILED
        is_told = retrying or not _machine_goes_on(spec, payload)
        ends = {**fields, "error": error.to_json(), "input": told_inputs(payload), "durationMs": _since(begun)}
        outbox.ends(*_end(type, ends, meter.take()) if is_told else _used(fields, meter.take()))
        outbox.close()
        raise
    usage = meter.take()
    ends = {**fields, "input": told_inputs(payload), "output": result["output"], "durationMs": _since(begun)}
    outbox.ends(*_used(fields, usage) if suspended else _end(EventType.NODE_SUCCEEDED, ends, usage))
    try:
        outbox.close()
    except EventDeliveryError:
        if not suspended and keeps(payload):  # what is done is not done again for being told of
            save(payload, services.claims, Progress(result=result, usage=usage))
        raise
    return result


def _end(type: EventType, fields: dict[str, Any], usage: Usage) -> list[Event]:
    return [event(type, **fields, usage=usage) if usage else event(type, **fields)]


def _used(fields: dict[str, Any], usage: Usage) -> list[Event]:
    """Return the event of what was used by a step whose end is not told now."""
    return [event(EventType.NODE_USAGE, **fields, usage=usage)] if usage else []


def _machine_goes_on(spec: NodeSpec, payload: StepPayload) -> bool:
    """Whether the machine has a catcher for the node (`stepweave.compiler.edges.failure_port`)."""
    on_error = payload["settings"]["onError"]
    return on_error == "branch" or (on_error == "continue" and bool(output_ports(spec, payload["params"])))


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)


def _guarded(
    spec: NodeSpec,
    run: Run,
    payload: StepPayload,
    services: Services,
    outbox: Outbox,
    meter: Meter,
    deadline: float,
) -> tuple[StepResult, bool]:
    """Run within the deadline, with errors nobody foresaw and whole-step error items dealt with.

    Returns:
        The result, and whether the node is yet to end.
    """
    step: Step[Any] | None = None
    try:
        with ends_at(deadline):
            progress = load(payload, services.claims)
            if progress.result is not None:
                meter.carry(progress.usage)
                return progress.result, False
            progress.wait()
            step = _step(spec, payload, services, outbox, meter, deadline, progress)
            if payload["phase"] in FAILED_PHASES:
                return _result(
                    failed_items(step, payload["failure"]), step, spec, payload, services
                ), step.control.suspended
            result = _result(run(step), step, spec, payload, services)
            if payload["taskToken"] and not step.control.suspended:
                raise NodeCrashed(
                    "The node did not wait for an answer, though its state does.",
                    "This is a mistake in the node: report it with the execution's id.",
                )
            return result, step.control.suspended
    except NodeError as error:
        failure = error
    except DeadlineReached:
        failure = NodeTimeout(
            f"The step did not end within its {time_limit(payload, spec):g} seconds.",
            "Give the node fewer items or a longer time-out, or make what it calls faster.",
        )
    except Exception as error:
        # A mistake in a node must reach people as a named error, and its place the function's log.
        is_misread = meter.requests and "ResponseInvalid" in spec.errors and isinstance(error, MISREADING)
        remedy = "This is a mistake in the node: report it with the execution's id."
        failure = misread(error) if is_misread else crashed(error, remedy)
    if step is not None:
        failure = step.kept.bounded(failure)
    # Of a state that waits for a token, and of one whose result is read on, the machine makes the error items.
    answers = not (payload["taskToken"] or spec.is_read_on(payload["phase"]) or payload["phase"] in FAILED_PHASES)
    if step is None or not answers or not step.kept.goes_on_after(failure):
        if step is not None and failure.retryable and keeps(payload):
            _keep(step, failure, payload, services)
        raise failure
    return _failed_items(step, failure, spec, payload, services), False


def _keep(step: Step[Any], failure: NodeError, payload: StepPayload, services: Services) -> None:
    """Keep for the next attempt what is done, and when it may go on."""
    not_before = time.time() + failure.retry_after if failure.retry_after else 0.0
    if not (step.kept.done or not_before):
        return
    if not save(payload, services.claims, Progress(step.kept.done, not_before=not_before)):
        step.log("warning", f"What {len(step.kept.done)} items gave could not be kept; a retry does them again.")


def time_limit(payload: StepPayload, spec: NodeSpec) -> float:
    """Return how long the node may take by its settings, or by its spec."""
    own = payload["settings"].get("timeoutSeconds") if payload["phase"] not in FAILED_PHASES else None
    return own or spec.timeout_seconds


def _step(
    spec: NodeSpec,
    payload: StepPayload,
    services: Services,
    outbox: Outbox,
    meter: Meter,
    deadline: float,
    progress: Progress,
) -> Step[Any]:
    context, settings = payload["context"], payload["settings"]
    inputs = fetched_inputs(payload, services.claims, streams=spec.streams(payload["params"]))
    main = inputs["main"] if "main" in inputs else next(iter(inputs.values()), [])
    scope = StepScope(payload, main, services.claims)
    parameters = Parameters(spec.params, payload["params"], scope.evaluate)
    step: Step[Any] = Step(
        StepParts(
            context=context,
            node=payload["node"],
            settings=settings,
            attempt=payload["attempt"],
            inputs=inputs,
            parameters=parameters,
            scope=scope.scope,
            outbox=outbox,
            meter=meter,
            claims=services.claims,
            vault=services.vault,
            store=services.store,
            deadline=deadline,
            first_port=_first_port(spec, payload),
            iteration=payload["iteration"],
            phase=payload["phase"],
            task_token=payload["taskToken"],
            loop=payload["loop"],
            failure=payload["failure"] or None,
            inline_limit=payload["inlineLimit"],
            batches=told_inputs(payload),
            progress=progress,
            input_ports=tuple(port.name for port in spec.inputs),
            longest_wait=LONGEST_WAIT * time_limit(payload, spec),
        )
    )
    parameters.tell_mended = step.telling.mended
    return step


def _result(
    given: Mapping[str, Iterable[Item]], step: Step[Any], spec: NodeSpec, payload: StepPayload, services: Services
) -> StepResult:
    ports = [port.name for port in output_ports(spec, payload["params"])]
    if payload["phase"] in FAILED_PHASES:  # without parameters, which may name ports; the failure names its own
        ports.append(payload["failure"]["port"])
    listed, kept = _settled(given, step, services)
    result = _with_lineage(checked(listed, ports), step)
    if payload["settings"].get("alwaysOutput") and not any(result.values()) and not kept and not step.control.suspended:
        result = {_first_port(spec, payload): descended([{"json": {}}], step.control.origin or None)}
    output: NodeOutput = stored(
        result, services.claims, step.control.key("").removesuffix("-"), payload["inlineLimit"], step.telling.mended
    )
    output |= kept
    whole: dict[str, Any] = {**step.control.extra, "output": output}
    if step.response:
        whole["response"] = step.response
    return cast("StepResult", whole)


def _settled(
    given: Mapping[str, Iterable[Item]], step: Step[Any], services: Services
) -> tuple[dict[str, Iterable[Item]], NodeOutput]:
    """Return a result with lists for what was streamed (`stepweave.runtime.streaming`), and what is stored already."""
    listed: dict[str, Iterable[Item]] = dict(given)
    kept: NodeOutput = {}
    for port, items in given.items():
        if isinstance(items, Streamed):
            found = settled(items, services.claims, step.control.key(f"{port}.json"), port)
            listed[port] = [] if isinstance(found, Stored) else found
            if isinstance(found, Stored):
                kept[port] = found.batch
    return listed, kept


def _with_lineage(result: dict[str, list[Item]], step: Step[Any]) -> dict[str, list[Item]]:
    """Return a result in which items that nobody said the lineage of come from some of the input items."""
    if not (step.kept.traced or any(map(carried, result.values()))):
        return result
    sources = step.all_items()
    known, origin = set(map(id, sources)), one_of(sources)
    made: dict[str, list[Item]] = {}
    for port, items in result.items():
        found = (one if id(one) in known else descended([one], origin)[0] for one in items)
        made[port] = [one if one.get("origin", True) else without([one])[0] for one in found]
    return made


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
    items: list[Item] = step.all_items() or [{"json": {}}]
    if step.kept.done:  # items that are done keep what they gave
        items = step.items()
    for index, item in enumerate(items):
        if index in step.kept.done:
            for port, given in step.kept.done[index].items():
                result.setdefault(port, []).extend(given)
            continue
        port, failed = step.kept.error_item(failure, item)
        result.setdefault(port, []).append(failed)
    return _result(result, step, spec, payload, services)
