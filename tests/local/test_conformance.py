"""`make conformance` says what it needs when it is not there, and goes on without."""

from pathlib import Path

import pytest

from local.conformance import engines
from local.conformance.localstack import environment


def test_without_its_python_localstack_is_left_out_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("PATH", ""), ("PYENV_ROOT", str(tmp_path)), ("STEPWEAVE_PYTHON313", "/nowhere/python")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(engines, "ROOT", tmp_path)
    starting = engines.localstacked(tmp_path / "engine")
    with pytest.raises(engines.EngineMissing, match=r"needs Python 3\.13.*STEPWEAVE_PYTHON313"):
        starting.__enter__()


def test_the_python_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 3.13\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("STEPWEAVE_PYTHON313", str(python))
    assert environment.find_python() == str(python)
