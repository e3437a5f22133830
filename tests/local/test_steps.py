"""Commands that are run beside each other: what each says stands together, and a failed one fails the whole."""

import sys
from pathlib import Path

import pytest

from local.steps import Step, run_all, run_lanes

MEET = """
import sys, time
from pathlib import Path
own, other = map(Path, sys.argv[1:])
own.touch()
limit = time.monotonic() + 60
while not other.exists() and time.monotonic() < limit:
    time.sleep(0.01)
sys.exit(0 if other.exists() else 1)
"""


def says(words: str, status: int = 0, *, loud: bool = False) -> Step:
    return Step(words, (sys.executable, "-c", f"import sys; print({words!r} * 2); sys.exit({status})"), loud)


def test_steps_run_beside_each_other(tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    steps = [Step(name, (sys.executable, "-c", MEET, *paths)) for name, *paths in (("a", one, two), ("b", two, one))]
    assert run_all(steps, at_once=2) == 0


@pytest.mark.parametrize("at_once", [1, 3])
def test_one_that_fails_is_named_and_shows_what_it_said(at_once: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_all([says("fine"), says("broken", 3), says("told", loud=True)], at_once) == 1
    said = capfd.readouterr().out
    assert "2 of 3 steps passed; failed: broken" in said
    assert "brokenbroken\n" in said
    assert "toldtold\n" in said
    assert "finefine" not in said


def test_what_each_says_stands_together(capfd: pytest.CaptureFixture[str]) -> None:
    lines = "import time\nfor n in range(20): print('{0}', flush=True); time.sleep(0.01)"
    steps = [Step(name, (sys.executable, "-c", lines.format(name)), loud=True) for name in ("left", "right")]
    assert run_all(steps, at_once=2) == 0
    said = [line for line in capfd.readouterr().out.splitlines() if line in ("left", "right")]
    assert said in (["left"] * 20 + ["right"] * 20, ["right"] * 20 + ["left"] * 20)


def test_lanes_run_beside_each_other_and_a_lane_goes_on_after_a_failed_step(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    left = [says("first", 1), Step("a", (sys.executable, "-c", MEET, one, two))]
    right = [Step("b", (sys.executable, "-c", MEET, two, one)), says("last", loud=True)]
    assert not run_lanes([left, right])
    assert run_lanes([left[1:], right])
    said = capfd.readouterr().out
    assert said.count("a: passed") == said.count("b: passed") == 2
    assert said.index("== first: FAILED") < said.index("== a: begins")
