"""What every test of the platform's own functions shares: no worker's connection outlives its test."""

import sys

import pytest

WORKERS = "functions.system."


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Close the connections that handlers keep for their worker, which here is the process of all tests.

    A link opens its connection again when it is asked again; one that is dropped while it is open is a warning, and
    so an error in whichever test the collector runs in.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith(WORKERS):
            for kept in (vars(module).get("link"), vars(module).get("_link")):
                if kept is not None and hasattr(kept, "cache_info") and kept.cache_info().currsize:
                    kept().close()
