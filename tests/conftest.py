"""Fixtures for every test, how properties are checked, where marked tests lie, and what coverage looks at."""

import gc
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

pytest_plugins = [
    "tests.fixtures.logs",
    "tests.fixtures.mariadb",
    "tests.fixtures.moto_server",
    "tests.fixtures.servers",
    "tests.fixtures.plans",
    "tests.fixtures.tenants",
]

# No test needs a timing: a busy machine draws slowly and computes slowly, and is right all the same. Graphs are large,
# and fixtures that the examples of a test share are made for that.
settings.register_profile(
    "stepweave",
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("stepweave")

FOLDERS: Final = {"integration": Path(__file__).parent / "integration", "synth": Path(__file__).parent / "stacks"}
"""Where the tests with a mark lie: `make test` looks for them nowhere else."""
COVERED_CASES: Final = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep marked tests to their folders, and coverage to the first cases."""
    for item in items:
        for mark, folder in FOLDERS.items():
            if item.get_closest_marker(mark) is not None and folder not in item.path.parents:
                raise pytest.UsageError(f"{item.nodeid} is marked {mark}, so it belongs to {folder}")
    _cover_first_cases(items)


def pytest_collection_finish() -> None:
    """Have the garbage collector look no more at what was collected, which lives to the end."""
    gc.collect()
    gc.freeze()


def _cover_first_cases(items: list[pytest.Item]) -> None:
    """Have coverage look at three cases of each test, and at no property: looking doubles what a test takes.

    So the share is of what those reach, which is never more than what all do.
    """
    cases: Counter[tuple[str, str]] = Counter()
    for item in items:
        test = (str(item.path), item.nodeid.partition("[")[0])
        cases[test] += 1
        if cases[test] > COVERED_CASES or is_hypothesis_test(getattr(item, "function", None)):
            item.add_marker(pytest.mark.no_cover)
