"""Fixtures: one emulator per session and set of corrections left out.

A test says with `@pytest.mark.corrects("name")` which correction it is about. With `STEPWEAVE_DISCRIMINATE=1` in the
environment every such test runs against an emulator started without that correction, and is expected to fail.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.emulator import environment
from tests.local.emulator.support import ROOT, Emulator

Made = Callable[..., Emulator]
"""Makes an emulator of a state folder and options, not started."""
DISCRIMINATE = os.environ.get("STEPWEAVE_DISCRIMINATE") == "1"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "corrects(name): the correction that the test shows to be needed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.no_cover)  # the emulator is left out of coverage: it runs elsewhere
        if DISCRIMINATE and item.get_closest_marker("corrects"):
            item.add_marker(pytest.mark.xfail(reason="runs without its correction", strict=True))


@pytest.fixture(scope="session")
def emulator_python() -> Path:
    return environment.ensure(ROOT)


@pytest.fixture(scope="session")
def emulators(emulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Emulator]]:
    started: dict[str, Emulator] = {}

    def get(without: str) -> Emulator:
        if without not in started:
            options = ["--without", without] if without else []
            started[without] = Emulator(emulator_python, tmp_path_factory.mktemp("emulator"), options).start()
        return started[without]

    yield get
    for emulator in started.values():
        emulator.stop()


def left_out(request: pytest.FixtureRequest) -> list[str]:
    """The options that leave out the correction a test is about, when it is to fail."""
    marker = request.node.get_closest_marker("corrects")
    return ["--without", marker.args[0]] if marker is not None and DISCRIMINATE else []


@pytest.fixture
def emulator(request: pytest.FixtureRequest, emulators: Callable[[str], Emulator]) -> Emulator:
    options = left_out(request)
    return emulators(options[1] if options else "")


@pytest.fixture
def make(emulator_python: Path) -> Made:
    return lambda state, *options: Emulator(emulator_python, state, list(options))
