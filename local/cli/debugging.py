"""`stepweave debug`: starts a debug run, shows what waits at its stops, and does what is typed there."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from local.cli import running
from local.cli.commands import Wrong, breakpoint_of, plain
from local.cli.common import ApiKey, Email, Password, Url, read_argument, read_file, refuse, show, target_of
from local.cli.common import say as say_raw
from local.cli.stops import Ended, Session
from local.client.rest import ApiError, Unreachable
from local.settings import DEMO_EMAIL, DEMO_PASSWORD

INTERRUPTED: Final = 130
"""Exit status after Ctrl-C."""


@dataclass(frozen=True)
class Wanted:
    """How to debug."""

    request: running.Request
    breakpoints: Sequence[str]
    stepwise: bool
    on_error: bool
    minutes: int
    from_execution: str | None
    start_at: str | None


def debug(
    workflow: Annotated[
        str, typer.Argument(help="A workflow file, or the id of a workflow in the stack.", metavar="FILE|ID")
    ],
    breakpoints: Annotated[
        list[str] | None,
        typer.Option(
            "--break",
            help="Stop before this node, by name or id; with a condition, where it holds for an item. Repeat it.",
            metavar="NODE[:CONDITION]",
        ),
    ] = None,
    stepwise: Annotated[
        bool | None,
        typer.Option("--stepwise/--no-stepwise", help="Stop before the first node.", show_default="without --break"),
    ] = None,
    on_error: Annotated[
        bool, typer.Option("--on-error/--no-on-error", help="Stop after a step that failed and that nothing catches.")
    ] = True,
    minutes: Annotated[int, typer.Option(help="How long a stop waits; then the run ends.", min=1, max=1440)] = 30,
    input: Annotated[  # the option's name
        str | None,
        typer.Option(
            help="The trigger's item as a JSON object, a JSON list of them, or `@file`.", show_default="its own"
        ),
    ] = None,
    trigger: Annotated[str | None, typer.Option(help="Name of the trigger node, where there are several.")] = None,
    from_execution: Annotated[
        str | None,
        typer.Option("--from", help="Debug with the data of this execution, and not with pins.", metavar="EXECUTION"),
    ] = None,
    start_at: Annotated[
        str | None, typer.Option("--at", help="With --from: start at this node; the ones before give what they gave.")
    ] = None,
    url: Url = "",
    email: Email = DEMO_EMAIL,
    password: Password = DEMO_PASSWORD,
    api_key: ApiKey = "",
) -> None:
    """Debug the draft of a workflow on the running stack: stop, look, change the items, step, run on.

    A FILE is saved as a draft of the workflow with its name, as `stepweave run` does. Commands are read from stdin, a
    terminal or a pipe; `help` lists them. What goes on is told on stderr; at the end the result is printed as
    `stepweave run` does. Ends with status 0 when the execution succeeds (or is left waiting by `detach`), 1 when it
    does not, also after `quit`, 2 when it cannot begin or a command from a pipe is wrong, 130 after Ctrl-C. However the
    command ends, but by `detach`, the run is cancelled.

    Example: `stepweave debug order-triage.json --break 'Large orders:$json.total > 100'`
    """
    if workflow == "-":
        refuse("the workflow cannot come from stdin: that is where commands come from.")
    if from_execution is not None and (input is not None or trigger is not None):
        refuse("--from takes the data and the trigger of an execution: leave --input and --trigger out.")
    if start_at is not None and from_execution is None:
        refuse("--at needs --from: which execution's data goes into the node?")
    try:
        items = [] if input is None else running.items_of(read_argument(input))
    except running.CannotRun as error:
        refuse(str(error))
    target = target_of(url, email, password, api_key)
    document = read_file(Path(workflow)) if Path(workflow).is_file() else None
    if document is not None and not isinstance(document, dict):
        refuse(f"{workflow} is not a workflow document: it must be a JSON object.")
    request = running.Request(None if document is not None else workflow, document, items, trigger, "draft")
    wanted = Wanted(
        request,
        breakpoints or [],
        not breakpoints if stepwise is None else stepwise,
        on_error,
        minutes,
        from_execution,
        start_at,
    )
    try:
        result, status = asyncio.run(debugged(target, wanted, _stdin(), lambda line: say_raw(plain(line))))
    except (ApiError, Unreachable, running.CannotRun, Wrong) as error:
        refuse(plain(str(error)))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    show(result)
    if status:
        raise typer.Exit(status)


def _stdin() -> int | None:
    """Return what commands are read from; None where there is nothing."""
    try:
        return sys.stdin.fileno() if sys.stdin is not None else None
    except (OSError, ValueError):
        return None


async def debugged(
    target: running.Target, wanted: Wanted, fd: int | None, say: Callable[[str], None]
) -> tuple[dict[str, Any], int]:
    """Debug, and return the result, as `running.run`, and the exit status.

    Raises:
        ApiError, Unreachable, CannotRun, Wrong: it did not begin, or cannot be followed; the run is cancelled then, or
            what goes on was said.
        asyncio.CancelledError: so was this; the run is cancelled.
    """
    async with running.connected(target) as client:
        workflow = await running.workflow_of(client, wanted.request)
        names = {node["id"]: node["name"] for node in workflow["document"]["nodes"]}
        body = _body(wanted, names)
        started = await client.post(f"/workflows/{workflow['id']}/run", body)
        execution_id = started["executionId"]
        session = Session(client, execution_id, names, say, fd is not None and os.isatty(fd), body["debug"])
        say(f"Debugging {workflow['document'].get('name', '')!r}: {client.url}/executions/{execution_id}")
        status = None
        try:
            await session.follow(fd)
        except Ended as end:
            say(str(end))
            status = end.status
            if not end.cancel:
                return {"executionId": execution_id, "status": "running"}, 0
            await session.cancel()
        except (ApiError, Unreachable):
            await session.cancel()
            raise
        except asyncio.CancelledError:
            say("Interrupted: the run is to end.")
            await session.cancel(until_over=False)
            raise
        result = await running.result_of(client, execution_id, workflow["document"])
        return result, status if status is not None else int(result["status"] != "succeeded")


def _body(wanted: Wanted, names: dict[str, str]) -> dict[str, Any]:
    request = wanted.request
    debug = {
        "breakpoints": [breakpoint_of(text, names) for text in wanted.breakpoints],
        "stepwise": wanted.stepwise,
        "onError": wanted.on_error,
        "stopSeconds": wanted.minutes * 60,
    }
    body: dict[str, Any] = {"mode": "draft", "debug": debug}
    if request.items:
        body["items"] = request.items
    if request.trigger is not None:
        body["triggerNodeId"] = running.node_id_of(names, request.trigger)
    if wanted.from_execution is not None:
        body |= {"fromExecutionId": wanted.from_execution, "pinned": False}
    if wanted.start_at is not None:
        body["startNodeId"] = running.node_id_of(names, wanted.start_at)
    return body
