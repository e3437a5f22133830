"""The tests' own machine (`tests/asl`) runs compiled machines as the emulator does.

`make conformance` compares all golden cases, on LocalStack too.
"""

from pathlib import Path
from typing import Final

from tests.conformance.comparing import differences
from tests.conformance.engine import Engine
from tests.conformance.known import EMULATOR, is_known
from tests.golden.cases import cases
from tests.local.emulator.support import Emulator

SHOWN: Final = frozenset(
    (
        "n-shape",
        "forks-in-forks",
        "several-triggers",
        "one-sided",
        "nested-ifs",
        "error-branch",
        "error-stops",
        "loop-concurrent",
        "loop-body-branches",
        "loop-in-loop",
        "repeat-in-each",
        "loop-nested-machine",
        "wait-for-caller",
        "approval",
        "sub-workflow",
        "answers-by-node",
        "hostile-names",
        "hostile-parameters",
    )
)


def test_outputs_errors_and_histories_are_the_same(emulator: Emulator, tmp_path: Path) -> None:
    shown = [case for case in cases() if case.name.partition("-")[2] in SHOWN]
    assert len(shown) == len(SHOWN)
    engine = Engine(emulator.endpoint, tmp_path)
    engine.deploy({node.type for case in shown for node in case.workflow.nodes})
    count, found = differences(engine, lambda text: None, shown)
    assert [difference for difference in found if not is_known(EMULATOR, difference.case)] == []
    assert count >= len(SHOWN)
