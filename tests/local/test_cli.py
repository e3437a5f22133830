"""The `stepweave` command: what needs no running stack."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import running
from local.cli.main import app
from local.settings import ROOT

TRIAGE = ROOT / "local" / "seed" / "order_triage.json"


def call(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=input)


def test_compile_prints_the_machine() -> None:
    result = call("compile", str(TRIAGE), "--prefix", "acme")
    printed = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(printed) == {"definition", "type", "states", "report"}
    assert "acme-node-http_request-v1" in result.stdout


def test_compile_reports_what_runs_without_functions_and_what_that_costs() -> None:
    def cost(report: dict[str, Any]) -> tuple[int, int]:
        return report["transitions"], report["invocations"]

    lowered = json.loads(call("compile", str(TRIAGE)).stdout)["report"]
    plain = json.loads(call("compile", str(TRIAGE), "-O0").stdout)["report"]
    without = [node["name"] for node in lowered["nodes"] if node["lowered"]]
    assert without
    assert all(node["reason"] for node in lowered["nodes"] if not node["lowered"])
    assert plain["nodes"] == []
    assert plain["before"] == plain["after"] == lowered["before"]
    assert lowered["after"]["invocations"] == lowered["before"]["invocations"] - len(without)
    assert lowered["after"]["usdPer1000"] < lowered["before"]["usdPer1000"]
    text = call("compile", str(TRIAGE), "--output", "text").stdout
    assert f"without a function  {without[0]}" in text
    assert "per 1,000 executions" in text


def test_compile_reads_stdin() -> None:
    assert call("compile", "-", input=TRIAGE.read_text()).exit_code == 0


def test_validate_tells_errors_by_its_status() -> None:
    broken = json.loads(TRIAGE.read_text())
    broken["nodes"][1]["type"] = "http_requst"
    result = call("validate", "-", input=json.dumps(broken))
    found = json.loads(result.stdout)["diagnostics"]
    assert result.exit_code == 1
    assert (found[0]["code"], found[0]["nodeId"]) == ("unknown_type", "rates")
    assert "http_request" in found[0]["remedy"]
    assert call("validate", str(TRIAGE)).exit_code == 0


def test_compile_of_a_broken_workflow_prints_why() -> None:
    result = call("compile", "-", input='{"schema": 1, "name": "x"}')
    assert result.exit_code == 1
    assert json.loads(result.stdout)["diagnostics"][0]["code"] == "no_trigger"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compile", "nowhere.json"), "nowhere.json cannot be read"),
        (("validate", "README.md"), "README.md is not JSON"),
        (("run", "x", "--input", "{"), "--input is not JSON"),
        (("run", "x", "--input", "5"), "--input must be"),
        (("run", "x", "--url", "http://127.0.0.1:9"), "Start it with `make up`"),
    ],
)
def test_what_cannot_begin_says_why_and_ends_with_two(
    arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = call(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.json"
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in call("compile", str(file)).stderr


def test_help_teaches() -> None:
    assert "Example" in call("run", "--help").stdout


def test_input_becomes_items() -> None:
    assert running.items_of([{"a": 1}, {}]) == [{"json": {"a": 1}}, {"json": {}}]
    with pytest.raises(running.CannotRun):
        running.items_of([1])


def test_an_event_is_one_line() -> None:
    event: Any = {
        "id": "1",
        "seq": 1,
        "type": "node.failed",
        "at": "2026-11-23T10:00:00.123Z",
        "nodeId": "n",
        "durationMs": 12.3,
        "error": {"type": "HttpServerError", "message": "boo"},
    }
    assert running.line(event, {"n": "Fetch"}).split("  ")[0] == "10:00:00.123"
    assert "HttpServerError: boo" in running.line(event, {"n": "Fetch"})


@pytest.mark.parametrize("key", ["swk_schlüssel", "swk_a\nb", "swk_a\x7fb"])
def test_an_api_key_that_cannot_be_sent_is_refused_in_words(key: str) -> None:
    result = call("replay", "00000000-0000-0000-0000-000000000001", "--api-key", key)
    assert result.exit_code == 2
    assert "The API key has a character that no key has." in result.stderr
