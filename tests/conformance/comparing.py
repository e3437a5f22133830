"""Runs all golden cases on an engine and tells how it differs from the interpreter and from the tests' own machine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from local.cli.catalogue import load_catalogue
from stepweave.compiler import Compiled, compile_workflow
from tests.conformance.engine import Engine, Hanging
from tests.golden.cases import Case, cases
from tests.golden.running import compiled_run, interpreted, told

STARTED_AND_ENDED: Final = 2
"""Events of an execution besides those of its states."""


@dataclass(frozen=True)
class Difference:
    """What an engine does otherwise."""

    case: str
    optimise: int
    what: str


def differences(
    engine: Engine, say: Callable[[str], None], only: Sequence[Case] | None = None
) -> tuple[int, list[Difference]]:
    """Return how many machines ran, and what was different."""
    count, found = 0, []
    for case in cases() if only is None else only:
        machines: list[Compiled] = []
        for optimise in (0, 1):
            result = compile_workflow(case.text, load_catalogue(), case.options(optimise))
            if not isinstance(result, Compiled) or "not" in case.run:
                continue
            if result.definition in [machine.definition for machine in machines]:
                continue
            machines.append(result)
            count += 1
            here = [Difference(case.name, optimise, what) for what in _compared(engine, case, result)]
            for difference in here:
                say(f"  {difference.case} at -O{optimise}: {difference.what}")
            found += here
    return count, found


def _compared(engine: Engine, case: Case, compiled: Compiled) -> Iterator[str]:
    try:
        ran = engine.run(case, compiled)
    except (ClientError, Hanging) as refused:
        yield str(refused)[:500]
        return
    meant, expected = interpreted(case), compiled_run(case, compiled)
    error = meant.error and meant.error["type"]
    if ran.error != error:
        yield f"it ends with {ran.error}, and {error} is meant"
        return
    if error is not None:
        return
    wanted = told(case, meant.runs)
    for run in sorted(wanted.keys() | ran.outputs.keys()):
        if ran.cut_off and run not in ran.outputs:
            continue  # the interpreter runs nodes one after the other, and may have come to it
        if wanted.get(run) != ran.outputs.get(run):
            yield f"{run} gives {ran.outputs.get(run)}, and {wanted.get(run)} is meant"[:600]
    if ran.output != expected.output:
        yield f"it answers {ran.output}, and {expected.output} is meant"[:600]
    if compiled.machines or ran.cut_off:  # histories of their own, or as long as the race of the branches lets them be
        return
    if ran.transitions != expected.transitions:
        yield f"it enters {ran.transitions} states, and the tests' machine {expected.transitions}"
    if ran.events != expected.events + STARTED_AND_ENDED:
        yield f"its history has {ran.events} events, and {expected.events + STARTED_AND_ENDED} are counted"
