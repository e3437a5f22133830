"""What `make check` has against faults of security is there, and can fail."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from local import advisories, checking, leaks
from local.settings import ROOT

BAD: Final = {
    "S102": "exec('1')",
    "S105": "password = 'hunter2-hunter2'",
    "S301": "import pickle\n\npickle.loads(b'')",
    "S307": "eval('1')",
    "S324": "import hashlib\n\nhashlib.md5(b'')",
    "S501": "import httpx\n\nhttpx.get('https://example.com', verify=False, timeout=1)",
    "S602": "import subprocess\n\nsubprocess.run('ls', shell=True, check=False)",
    "S608": "name = input()\nquery = f'SELECT * FROM users WHERE name = {name}'",
}
"""Of bandit's rules, by ruff's names for them: code that each is for."""
CODE: Final = ("api/x.py", "functions/nodes/core/x/run.py", "layers/data/src/stepweave_data/x.py", "stacks/x.py")


def test_the_fast_gate_has_every_guard() -> None:
    commands = {" ".join(step.command) for step in checking.STEPS}
    for wanted in ("ruff check .", "mypy .", "lint-imports", "uv lock --check --offline"):
        assert wanted in commands
    for module in ("local.leaks", "local.advisories", "functions.nodes.checking"):
        assert f"{sys.executable} -m {module}" in commands
    for module in ("functions.nodes.generate", "tests.golden.update", "api.openapi", "local.tables"):
        assert f"{sys.executable} -m {module} --check" in commands


@pytest.mark.parametrize("place", CODE)
def test_bandits_rules_find_what_they_are_for(place: str) -> None:
    text = "\n".join(BAD.values())
    command = ("ruff", "check", "--output-format", "json", "--stdin-filename", place, "-")
    done = subprocess.run(command, input=text, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert {one["code"] for one in json.loads(done.stdout)} >= BAD.keys()


def test_a_locked_package_with_a_known_fault_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert advisories.main() == 0
    python, web = tmp_path / "uv.lock", tmp_path / "package-lock.json"
    python.write_text(
        '[[package]]\nname = "urllib3"\nversion = "2.5.0"\n[[package]]\nname = "h11"\nversion = "0.16.0"\n'
    )
    inner = {"": {"version": "0"}, "node_modules/a/node_modules/nanoid": {"version": "3.3.7-beta.1"}}
    web.write_text(json.dumps({"packages": inner}))
    monkeypatch.setattr(advisories, "PYTHON", python)
    monkeypatch.setattr(advisories, "WEB", web)
    assert advisories.main() == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in told] == [
        "urllib3 2.5.0 has CVE-2025-66418", "nanoid 3.3.7-beta.1 has CVE-2024-55565",
    ]  # fmt: skip


def test_a_secret_in_a_file_that_git_has_fails_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.py"
    file.write_text("key = 'AKIA" + "Q3EGUXAMPL7Z2K4D'\n")
    monkeypatch.setattr(leaks, "tracked", lambda: [file])
    assert leaks.main() == 1
    assert "settings.py:1: looks like an AWS access key" in capsys.readouterr().out
