"""Readiness: each dependency is named, a silent one holds nobody up, and asking often costs nothing."""

import threading

from api.services.readiness import Readiness


def test_each_dependency_is_named() -> None:
    def broken() -> None:
        raise ConnectionError("10.0.0.3 refuses")

    found = Readiness().ask({"one": lambda: None, "two": broken})
    assert found == {"one": "ok", "two": "does not answer (ConnectionError)"}


def test_one_that_stays_silent_is_told_so_and_the_others_are_told() -> None:
    released = threading.Event()
    found = Readiness(seconds=0.05).ask({"one": lambda: None, "two": released.wait})
    released.set()
    assert found == {"one": "ok", "two": "does not answer within 0.05 s"}


def test_an_answer_is_remembered() -> None:
    asked: list[int] = []
    readiness = Readiness(kept=3600)
    for _ in range(3):
        assert readiness.ask({"one": lambda: asked.append(1)}) == {"one": "ok"}
    assert asked == [1]
