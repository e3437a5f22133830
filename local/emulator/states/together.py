"""Many branches at once, the first failure ends the others; and the Parallel state."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from local.emulator.states import expressions
from local.emulator.states.errors import StateError
from local.emulator.states.finishing import finish, following, guarded
from local.emulator.states.machine import HANDLERS, walk
from local.emulator.states.paths import path_input, path_output
from local.emulator.states.scopes import Json, Run, Scope, Step, is_jsonata, within_limit

Work = Callable[[], Awaitable[Any]]


async def together(works: Sequence[Work], most: int) -> list[Any]:
    """Run works, at most so many at once, and give their results; the first failure cancels the rest."""
    results: list[Any] = [None] * len(works)
    queue = iter(range(len(works)))

    async def serve() -> None:
        for position in queue:
            results[position] = await works[position]()

    servers = [asyncio.ensure_future(serve()) for _ in range(min(most, len(works)))]
    if not servers:
        return results
    try:
        done, _ = await asyncio.wait(servers, return_when=asyncio.FIRST_EXCEPTION)
        for server in done:
            server.result()
    finally:
        unfinished = [server for server in servers if not server.done()]
        for server in unfinished:
            server.cancel()
        if unfinished:
            await asyncio.gather(*unfinished, return_exceptions=True)
    return results


async def run_parallel(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Parallel."""
    jsonata = is_jsonata(state, scope)

    async def attempt() -> Step:
        if not jsonata:
            arguments = path_input(state, data, scope)
        else:
            arguments = expressions.template(state["Arguments"], scope.bindings(data)) if "Arguments" in state else data
        within_limit(arguments, "input of the Parallel state")
        scope.event = run.history.add("ParallelStateStarted", scope.event)
        works = [functools.partial(walk, run, branch, arguments, scope.branch()) for branch in state["Branches"]]
        try:
            results = await together(works, len(works))
        except StateError as error:
            scope.event = run.history.add(
                "ParallelStateFailed", scope.event, {"error": error.error, "cause": error.cause}
            )
            raise
        within_limit(results, "result of the Parallel state")
        scope.event = run.history.add("ParallelStateSucceeded", scope.event)
        return output_of(state, data, scope, results, jsonata), following(state)

    return await guarded(state, data, scope, attempt)


def output_of(state: Json, data: Any, scope: Scope, results: Any, jsonata: bool) -> Any:
    """The output of a Parallel or Map from the results of its branches."""
    if jsonata:
        return finish(state, data, scope, results, result=results)
    return path_output(state, data, scope, results)


HANDLERS["Parallel"] = run_parallel
