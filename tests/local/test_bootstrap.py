"""The set-up script: what it skips, and what it says when something is missing or breaks."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from local import bootstrap
from local.settings import ROOT
from local.stack.fingerprint import fingerprint


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "STATE", tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    (tmp_path / "stamps").mkdir()
    (tmp_path / "logs").mkdir()
    return tmp_path


def test_a_step_runs_again_only_when_its_inputs_change(state: Path) -> None:
    source, runs = state / "lock", []
    source.write_text("one")

    def take(log: Path) -> None:
        runs.append(log)

    for text in ("one", "one", "two"):
        source.write_text(text)
        bootstrap.step("x", "x", [source], take, lambda: True)
    assert len(runs) == 2


def test_a_step_runs_again_when_its_result_is_gone(state: Path) -> None:
    runs: list[Path] = []
    for _ in range(2):
        bootstrap.step("x", "x", [], runs.append, lambda: False)
    assert len(runs) == 2


def test_a_failed_command_shows_the_end_of_its_log_and_leaves_no_stamp(state: Path) -> None:
    command = [sys.executable, "-c", "print('no route to registry'); raise SystemExit(7)"]
    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.step("x", "x", [], lambda log: bootstrap.run(command, log), lambda: True)
    text = str(caught.value)
    assert "ended with status 7" in text
    assert "no route to registry" in text
    assert str(state / "logs" / "setup-x.log") in text
    assert not (state / "stamps" / "x").exists()


def test_a_missing_node_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(bootstrap.SetupError, match="Install Node 20 or later"):
        bootstrap.check_node()


def test_an_unsupported_python_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON_END", (3, 11))
    with pytest.raises(bootstrap.SetupError, match="make PYTHON="):
        bootstrap.check_python()


def test_unknown_words_show_the_usage() -> None:
    done = subprocess.run(
        [sys.executable, "local/bootstrap.py", "dance"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "bootstrap.py setup" in done.stderr


def test_what_python_compiles_is_kept_whatever_an_image_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import os, sys; print(sys.dont_write_bytecode, os.environ['PATH'].split(':')[0])"
    said = subprocess.check_output([sys.executable, "-c", code], env=bootstrap.environment(), text=True)
    assert said.split() == ["False", str(ROOT / ".venv" / "bin")]


def test_the_local_lambda_runtime_has_the_locked_versions() -> None:
    locked = {
        package["name"]: package["version"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }
    lines = [line for line in (ROOT / "local" / "lambda_runtime.txt").read_text().splitlines() if "==" in line]
    assert lines
    assert {name: locked[name] for name, _ in (line.split("==") for line in lines)} == dict(
        line.split("==") for line in lines
    )


def test_a_fingerprint_follows_contents_and_settings_but_not_bytecode(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    first = fingerprint([tmp_path], {"port": "1"})
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert fingerprint([tmp_path], {"port": "1"}) == first
    assert fingerprint([tmp_path], {"port": "2"}) != first
    (tmp_path / "a.py").write_text("2")
    assert fingerprint([tmp_path], {"port": "1"}) != first
