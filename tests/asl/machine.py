"""Runs a JSONata state machine: all eight types of states, with variables, sizes and histories under AWS's rules.

Rules enforced (Step Functions developer guide, "Passing data between states with variables"): an inner scope may not
assign a name of an outer one; reading a name that was never assigned fails; a field that evaluates to nothing fails; a
round of a Distributed Map and a nested execution see no variables of what started them. Enforced as well (quotas):
256 KiB per variable, payload, input and result, 25,000 events per execution, 1 MiB per definition, 80 characters per
state name, names that are unique in the machine. It is slow and strict on purpose, and knows no time: waits are over at
once.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonata
from jsonata.utils import Utils

Invoke = Callable[[str, Any], Any]
"""Function name and payload to result. Raises TaskFailed."""
MOST_BYTES = 256 * 1024
MOST_DEFINITION_BYTES = 1024 * 1024
MOST_EVENTS = 25_000
MOST_NAME = 80

EVENTS = {"Pass": 1, "Choice": 1, "Wait": 1, "Fail": 1, "Succeed": 1, "Task": 4, "Parallel": 3, "Map": 3}
"""Events of a state's run but for leaving it: entered, and what happens then (HistoryEvent types of the API)."""
EXITED_EVENTS = 1
"""Of leaving a state. One that fails without catching it is never left."""
RETRY_EVENTS = 3
SUBMITTED_EVENTS = 1
"""Of a Task that goes on after its call was answered: TaskSubmitted."""
ROUND_EVENTS = 2
NOTHING = "States.QueryEvaluationError"


class TaskFailed(Exception):
    """A task failed with an error name that Retry and Catch match."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class IllegalMachine(AssertionError):
    """The machine breaks a rule of Amazon States Language."""


class FoundNothing(IllegalMachine):
    """An expression evaluates to nothing. Allowed where the state has a catcher that names it and nothing else."""


@dataclass
class Scope:
    """The variables of the machine or of one branch."""

    outer: "Scope | None" = None
    values: dict[str, Any] = field(default_factory=dict)
    item: dict[str, Any] | None = None
    """`Map.Item` of the context object, in a round of a Map."""

    def context(self) -> dict[str, Any]:
        scope: Scope | None = self
        while scope is not None and scope.item is None:
            scope = scope.outer
        return {} if scope is None else {"Map": {"Item": scope.item}}

    def all(self) -> dict[str, Any]:
        return {**(self.outer.all() if self.outer else {}), **self.values}

    def assign(self, values: dict[str, Any]) -> None:
        taken = set(values) & set(self.outer.all() if self.outer else {})
        if taken:
            raise IllegalMachine(f"an inner scope assigns outer names: {sorted(taken)}")
        for name, value in values.items():
            _check_size(value, f"the variable {name}")
        self.values.update(values)


@dataclass
class Machine:
    """A state machine and what its tasks do. Counts transitions."""

    definition: Mapping[str, Any]
    invoke: Invoke
    nested: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Other machines by their ARN."""
    objects: dict[str, Any] = field(default_factory=dict)
    """What a Distributed Map reads and writes: key -> JSON data."""
    transitions: int = 0
    events: int = 0
    """Of the execution's own history (HistoryEvent types of the API); nested executions and map runs have their own."""
    visited: list[str] = field(default_factory=list)

    def run(self, input: Any) -> Any:
        """Run to the end and return the output. Raises TaskFailed."""
        for definition in (self.definition, *self.nested.values()):
            _check_definition(definition)
        return self._run(self.definition, input, Scope())

    def _run(self, machine: Mapping[str, Any], input: Any, scope: Scope) -> Any:
        name: str | None = machine["StartAt"]
        data = input
        while name is not None:
            state = machine["States"][name]
            self.transitions += 1
            self.visited.append(name)
            self._count(EVENTS[state["Type"]])
            _check_size(data, f"the input of {name}")
            name, data = getattr(self, "_" + state["Type"].lower())(name, state, data, scope)
        _check_size(data, "an output")
        return data

    def _count(self, events: int) -> None:
        self.events += events
        if self.events > MOST_EVENTS:
            raise IllegalMachine(f"the execution has more than {MOST_EVENTS} events")

    def _apart(self, machine: Mapping[str, Any], input: Any, scope: Scope) -> Any:
        """Run with a history of its own."""
        events, self.events = self.events, 0
        try:
            return self._run(machine, input, scope)
        finally:
            self.events = events

    def _succeed(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        return self._leave({**state, "End": True}, state, data, scope, {"input": data}, data)

    def _pass(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        return self._leave(state, state, data, scope, {"input": data}, data)

    def _choice(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        for rule in state["Choices"]:
            value = self._value(rule["Condition"], scope, {"input": data})
            if not isinstance(value, bool):
                raise IllegalMachine(f"the condition of {name} is {value!r}, not a boolean")
            if value:
                return self._leave(rule, state, data, scope, {"input": data}, data)
        return self._leave({**state, "Next": state["Default"]}, state, data, scope, {"input": data}, data)

    def _task(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        counts = [0] * len(state.get("Retry", ()))
        while True:
            context = {**scope.context(), "State": {"RetryCount": sum(counts)}, "Task": {"Token": "token"}}
            try:
                arguments = self._value(state["Arguments"], scope, {"input": data, "context": context})
            except FoundNothing as nothing:
                return self._unevaluated(state, data, scope, nothing)
            _check_size(arguments, f"the payload of {name}")
            if state["Resource"].endswith((".sync:2", ".waitForTaskToken")):
                self._count(SUBMITTED_EVENTS)
            try:
                result = self._called(state["Resource"], arguments)
            except TaskFailed as failure:
                if self._retries(state, counts, failure):
                    self._count(RETRY_EVENTS)
                    continue
                return self._caught(state, data, scope, failure, sum(counts))
            return self._leave(state, state, data, scope, {"input": data, "result": result}, result)

    def _caught(
        self, state: Any, data: Any, scope: Scope, failure: TaskFailed, retries: int = 0
    ) -> tuple[str | None, Any]:
        """Leave by the first catcher that matches. Raises the failure where none does."""
        for catcher in state.get("Catch", ()):
            if _matches(catcher, failure):
                error = {"Error": failure.error, "Cause": failure.cause}
                context = {**scope.context(), "State": {"RetryCount": retries}}
                told = {"input": data, "errorOutput": error, "context": context}
                return self._leave(catcher, catcher, data, scope, told, told["errorOutput"])
        raise failure

    def _unevaluated(self, state: Any, data: Any, scope: Scope, nothing: FoundNothing) -> tuple[str | None, Any]:
        """Leave by the catcher that was written for it. Raises FoundNothing where there is none."""
        first: Any = next(iter(state.get("Catch", ())), {"ErrorEquals": []})
        if first["ErrorEquals"] != [NOTHING]:
            raise nothing
        return self._caught(state, data, scope, TaskFailed(NOTHING, str(nothing)))

    def _fail(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        told = self._value({key: state[key] for key in ("Error", "Cause")}, scope, {"input": data})
        raise TaskFailed(told["Error"], told["Cause"])

    def _called(self, resource: str, arguments: dict[str, Any]) -> Any:
        if resource == "arn:aws:states:::states:startExecution.sync:2":
            return {"Output": self._apart(self.nested[arguments["StateMachineArn"]], arguments["Input"], Scope())}
        found = self.invoke(arguments["FunctionName"], arguments["Payload"])
        # Whoever has a task token sends the result itself; without one it is in the function's answer.
        return found if resource.endswith(".waitForTaskToken") else {"Payload": found}

    def _wait(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        moment = self._value(state["Timestamp"], scope, {"input": data, "context": scope.context()})
        if not isinstance(moment, str) or not moment.endswith("Z"):
            raise IllegalMachine(f"{name} waits until {moment!r}, which is no moment in UTC")
        self._count(EXITED_EVENTS)
        return state["Next"], data

    def _map(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        states = {"input": data, "context": scope.context()}
        distributed = state["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
        if distributed:
            reader = self._value(state["ItemReader"]["Arguments"], scope, states)
            items = self.objects[reader["Key"]]
        else:
            try:
                items = self._value(state["Items"], scope, states)
            except FoundNothing as nothing:
                return self._unevaluated(state, data, scope, nothing)
        results = []
        try:
            for index, value in enumerate(items):
                item = {"Index": index, "Value": value}
                context = {**scope.context(), "Map": {"Item": item}}
                input = self._value(state["ItemSelector"], scope, {"input": data, "context": context})
                if distributed:  # each round is an execution of its own
                    results.append((input, self._apart(state["ItemProcessor"], input, Scope())))
                    continue
                self._count(ROUND_EVENTS)
                results.append((input, self._run(state["ItemProcessor"], input, Scope(scope, item=item))))
        except TaskFailed as failure:
            return self._caught(state, data, scope, failure)
        if distributed:
            result = self._written(self._value(state["ResultWriter"]["Arguments"], scope, states), results)
        else:
            result = [output for _, output in results]
        _check_size(result, f"the result of {name}")
        return self._leave(state, state, data, scope, {"input": data, "result": result}, result)

    def _written(self, writer: dict[str, Any], results: list[tuple[Any, Any]]) -> Any:
        key = f"{writer['Prefix']}/run/SUCCEEDED_0.json"
        self.objects[key] = [
            {"Input": json.dumps(input), "Output": json.dumps(output), "Status": "SUCCEEDED"}
            for input, output in reversed(results)  # they come in no order
        ]
        manifest = f"{writer['Prefix']}/run/manifest.json"
        self.objects[manifest] = {"ResultFiles": {"SUCCEEDED": [{"Key": key}]}}
        return {"ResultWriterDetails": {"Bucket": writer["Bucket"], "Key": manifest}}

    def _retries(self, state: Any, counts: list[int], failure: TaskFailed) -> bool:
        for index, retrier in enumerate(state.get("Retry", ())):
            if _matches(retrier, failure):
                counts[index] += 1
                return counts[index] <= int(retrier.get("MaxAttempts", 3))
        return False

    def _parallel(self, name: str, state: Any, data: Any, scope: Scope) -> tuple[str | None, Any]:
        arguments = self._value(state.get("Arguments", data), scope, {"input": data})
        try:
            results = [self._run(branch, arguments, Scope(scope)) for branch in state["Branches"]]
        except TaskFailed as failure:
            return self._caught(state, data, scope, failure)
        _check_size(results, f"the result of {name}")
        return self._leave(state, state, data, scope, {"input": data, "result": results}, results)

    def _leave(
        self, holder: Any, state: Any, data: Any, scope: Scope, states: dict[str, Any], default: Any
    ) -> tuple[str | None, Any]:
        """Evaluate Assign and Output side by side, as AWS does, and go on."""
        assigned = self._value(holder.get("Assign", {}), scope, states)
        output = self._value(holder["Output"], scope, states) if "Output" in holder else default
        scope.assign(assigned)
        self._count(EXITED_EVENTS)
        if holder.get("End"):
            return None, output
        return holder["Next"], output

    def _value(self, template: Any, scope: Scope, states: dict[str, Any]) -> Any:
        if isinstance(template, str) and template.startswith("{%") and template.endswith("%}"):
            return self._evaluate(template[2:-2], scope, states)
        if isinstance(template, dict):
            return {key: self._value(entry, scope, states) for key, entry in template.items()}
        if isinstance(template, list):
            return [self._value(entry, scope, states) for entry in template]
        return template

    def _evaluate(self, source: str, scope: Scope, states: dict[str, Any]) -> Any:
        expression = _parsed(source)
        bindings = scope.all()
        missing = [name for name in _names(source) if name not in bindings]
        if missing:
            raise IllegalMachine(f"{source} reads {missing[0]}, which was never assigned")
        frame = expression.create_frame()
        for name, value in {**bindings, "states": states}.items():
            frame.bind(name, _nulls(value))
        found = expression.evaluate(None, frame)
        if "value" not in found:
            raise FoundNothing(f"{source} evaluates to nothing")
        return _plain(found["value"])


def _check_size(data: Any, what: str) -> None:
    if len(json.dumps(data)) > MOST_BYTES:
        raise IllegalMachine(f"{what} is larger than 256 KiB")


def _check_definition(definition: Mapping[str, Any]) -> None:
    if len(json.dumps(definition, separators=(",", ":"))) > MOST_DEFINITION_BYTES:
        raise IllegalMachine("the definition is larger than 1 MiB")
    names = list(_state_names(definition))
    if len(names) != len(set(names)) or any(len(name) > MOST_NAME for name in names):
        raise IllegalMachine("a state's name is there twice, or longer than 80 characters")


def _state_names(machine: Mapping[str, Any]) -> Iterator[str]:
    for name, state in machine["States"].items():
        yield name
        inner = (*state.get("Branches", ()), *((state["ItemProcessor"],) if "ItemProcessor" in state else ()))
        for below in inner:
            yield from _state_names(below)


_CACHE: dict[str, Any] = {}


def _parsed(source: str) -> Any:
    if source not in _CACHE:
        _CACHE[source] = jsonata.Jsonata(f'{{"value": ({source})}}')  # tells null from nothing
    return _CACHE[source]


def _names(source: str) -> list[str]:
    import re

    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', source)
    inner = ",".join(re.findall(r"function\(([^)]*)\)", bare))
    own = {"states", *re.findall(r"\$(\w+)\s*:=", bare), *re.findall(r"\w+", inner)}
    return [name for name in re.findall(r"\$([A-Za-z_]\w*)\b(?!\s*\()", bare) if name not in own]


def _nulls(value: Any) -> Any:
    """Return JSON data with the library's own null, for its None is `nothing`."""
    if value is None:
        return Utils.NULL_VALUE
    if isinstance(value, dict):
        return {key: _nulls(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_nulls(entry) for entry in value]
    return value


def _plain(value: Any) -> Any:
    if value is Utils.NULL_VALUE:
        return None
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value


def _matches(holder: Any, failure: TaskFailed) -> bool:
    names = holder["ErrorEquals"]
    uncaught = ("States.DataLimitExceeded", "States.Runtime")
    return failure.error in names or ("States.ALL" in names and failure.error not in uncaught)
