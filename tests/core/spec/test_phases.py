"""Phases: with which a node starts, and whose result is read on."""

from functions.nodes.flow.loop.spec import SPEC as LOOP
from functions.nodes.flow.no_op.spec import SPEC as ONCE
from functions.nodes.flow.wait.spec import SPEC as WAIT


def test_a_node_starts_with_the_phases_that_its_spec_says() -> None:
    phases = ("", "split", "collect", "enter", "turn", "wait", "resume", "timedOut", "failed", "roundFailed")
    assert [phase for phase in phases if ONCE.begins(phase)] == [""]
    assert [phase for phase in phases if LOOP.begins(phase)] == ["", "split", "enter"]
    assert [phase for phase in phases if WAIT.begins(phase)] == ["", "wait"]


def test_a_result_that_later_states_read_is_one_of_those_phases() -> None:
    phases = ("", "split", "collect", "enter", "turn", "wait", "resume", "timedOut", "failed", "roundFailed")
    assert [phase for phase in phases if ONCE.is_read_on(phase)] == []
    assert [phase for phase in phases if LOOP.is_read_on(phase)] == ["split", "enter"]
    assert [phase for phase in phases if WAIT.is_read_on(phase)] == ["wait"]
