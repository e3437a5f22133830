"""Step Functions: executions run in our interpreter."""

import json
from typing import Any

from ministack.services import stepfunctions

from local.emulator.registry import correction
from local.emulator.states import describing
from local.emulator.states.answers import accepted
from local.emulator.states.callbacks import Callbacks
from local.emulator.states.engine import Engine


@correction
def states_engine() -> None:
    """Run executions with the interpreter in `local.emulator.states`.

    AWS: branches have variables, tokens and a state of their own; Parallel knows Arguments, Output and Assign and ends
    its other branches when one fails; Succeed knows Output; Retry knows MaxDelaySeconds and JitterStrategy; timeouts
    and heartbeats hold and may be expressions; States.ALL does not catch data limits; payloads end at 256 KiB; versions
    and aliases run their own definition; StopExecution and the machine's TimeoutSeconds end an execution at once;
    failed ones can be redriven; the history has the events of inner states, with whatever text they carried; only
    Standard executions are stored and report their status.

    Replaces `stepfunctions._run_execution` (1759), `_run_sub_machine` (2860) and everything they call, which sleeps 150
    ms before each execution, holds a thread per execution and branch, shares one context among branches and parses each
    expression anew.

    Delete when MiniStack passes tests/local/emulator/test_states*.py by itself.
    """
    engine = Engine()
    callbacks = Callbacks(engine.tasks.tokens)
    handlers: dict[str, Any] = {
        "StartExecution": engine.start,
        "StartSyncExecution": engine.start_sync,
        "StopExecution": engine.stop_execution,
        "DescribeExecution": describing.describe,
        "DescribeStateMachineForExecution": describing.describe_machine,
        "RedriveExecution": engine.redrive,
        "SendTaskSuccess": callbacks.succeed,
        "SendTaskFailure": callbacks.fail,
        "SendTaskHeartbeat": callbacks.beat,
    }
    original = stepfunctions.handle_request

    async def handle(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        handler = handlers.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if handler is None:
            return await original(method, path, headers, body, query)
        answer = handler(json.loads(body or b"{}"))
        return answer if isinstance(answer, tuple) else await answer

    stepfunctions.handle_request = handle
    stepfunctions.json_response = accepted  # of what it still answers itself: histories, definitions
    # EventBridge and Scheduler start executions past the API, from threads.
    stepfunctions._start_execution = engine.start
    stepfunctions._stop_execution = engine.stop_execution
