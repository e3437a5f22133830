"""Unix cron lines as EventBridge Scheduler reads them."""

import pytest

from api.services.cron import CronInvalid, schedule_expressions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*/15 * * * *", ["cron(0,15,30,45 * * * ? *)"]),
        ("0 9 * * 1-5", ["cron(0 9 ? * MON,TUE,WED,THU,FRI *)"]),
        ("0 9 * * 0,7", ["cron(0 9 ? * SUN *)"]),
        ("30 6 1,15 * *", ["cron(30 6 1,15 * ? *)"]),
        ("0 0 * jan mon", ["cron(0 0 ? 1 MON *)"]),
        ("0 22-22 * * *", ["cron(0 22 * * ? *)"]),
        ("5-5 9 1-1 * *", ["cron(5 9 1 * ? *)"]),
        ("0 9 * * MON-mon", ["cron(0 9 ? * MON *)"]),
        ("rate(1 hours)", ["rate(1 hour)"]),
    ],
)
def test_unix_cron_lines_become_scheduler_expressions(line: str, expected: list[str]) -> None:
    assert schedule_expressions(line) == expected


@pytest.mark.parametrize(
    "line", ["", "* * * *", "61 * * * *", "0 9 * * * *", "0 9 L * *", "0 9 * * 1#2", "rate(0 minutes)"]
)
def test_lines_that_cannot_be_read_are_refused(line: str) -> None:
    with pytest.raises(CronInvalid):
        schedule_expressions(line)
