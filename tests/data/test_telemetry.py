"""What the control plane's functions tell: one shape of log lines, metrics with the same ids, nothing kept over."""

import json
from typing import Any

import pytest

from stepweave_data.telemetry import Metric, about, count, count_status, delay, logger, metrics, observed
from tests.fakes.lambda_context import LambdaContext

FIRST, SECOND = LambdaContext(aws_request_id="r1"), LambdaContext(aws_request_id="r2")


@pytest.fixture(autouse=True)
def _nothing_before() -> None:
    metrics().provider.clear_metrics()


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the metrics' lines."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return [{name: value for name, value in line.items() if name != "_aws"} for line in lines]


@observed
def handler(event: dict[str, Any], _: Any) -> str:
    about(**event["ids"])
    logger().warning("careful", where="here")
    count(Metric.DONE, 2)
    delay(12.5)
    return "answer"


def test_lines_and_metrics_of_an_invocation_carry_its_ids(
    log_lines: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {"tenant_id": "t", "execution_id": "e"}
    assert handler({"ids": ids}, FIRST) == "answer"
    (line,) = log_lines
    assert {**line, **ids, "function_request_id": "r1", "message": "careful", "where": "here"} == line
    assert (line["level"], line["timestamp"][10]) == ("WARNING", "T")
    (metric,) = told(capsys)
    assert metric == {**ids, "function_request_id": "r1", "Done": [2.0], "Delay": [12.5]}


def test_nothing_of_an_invocation_is_left_for_the_next(
    log_lines: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    handler({"ids": {"tenant_id": "t", "execution_id": "e"}}, FIRST)
    handler({"ids": {}}, SECOND)
    line, metric = log_lines[1], told(capsys)[1]
    assert (line["function_request_id"], metric["function_request_id"]) == ("r2", "r2")
    assert not {"tenant_id", "execution_id"} & (set(line) | set(metric))


def test_what_nobody_foresaw_is_logged_counted_and_raised(
    log_lines: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    @observed
    def broken(event: dict[str, Any], _: Any) -> None:
        about(tenant_id="t")
        raise ZeroDivisionError("no")

    with pytest.raises(ZeroDivisionError):
        broken({}, FIRST)
    (line,) = log_lines
    assert (line["level"], line["exception_name"], line["tenant_id"]) == ("ERROR", "ZeroDivisionError", "t")
    assert told(capsys) == [{"tenant_id": "t", "function_request_id": "r1", "Failed": [1.0]}]


def test_answers_are_counted_by_whose_trouble_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    @observed
    def answers(event: dict[str, Any], _: Any) -> None:
        for status in (200, 302, 404, 500, 503):
            count_status(status)

    answers({}, FIRST)
    (metric,) = told(capsys)
    assert {name: sum(metric[name]) for name in ("Done", "Refused", "Failed", "Unavailable")} == {
        "Done": 2,
        "Refused": 1,
        "Failed": 1,
        "Unavailable": 1,
    }
