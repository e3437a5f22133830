"""EventBridge Scheduler."""

import json
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.services.cron import schedules_for
from stepweave.spec.schedules import due_on, fires
from tests.local.emulator.support import ROLE, ROOT, Emulator, eventually, messages

needs_ticks = pytest.mark.corrects("scheduler_ticks")


def schedule(emulator: Emulator, expression: str, target: dict[str, Any], **more: Any) -> str:
    name = f"s-{uuid.uuid4().hex[:8]}"
    emulator.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=expression,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"RoleArn": ROLE, **target},
        **more,
    )
    return name


def at(zone_hours: int = 0, seconds: int = 1) -> str:
    moment = datetime.now(UTC) + timedelta(seconds=seconds, hours=zone_hours)
    return f"at({moment:%Y-%m-%dT%H:%M:%S})"


@needs_ticks
def test_a_one_time_schedule_in_a_time_zone_fires_with_its_keywords_and_is_deleted(emulator: Emulator) -> None:
    url, queue = emulator.queue()
    said = json.dumps(
        {
            "time": "<aws.scheduler.scheduled-time>",
            "id": "<aws.scheduler.execution-id>",
            "n": "<aws.scheduler.attempt-number>",
        }
    )
    expression = at(9)
    name = schedule(
        emulator,
        expression,
        {"Arn": queue, "Input": said},
        ScheduleExpressionTimezone="Asia/Tokyo",
        ActionAfterCompletion="DELETE",
    )
    told = json.loads(messages(emulator, url)[0])
    local = datetime.fromisoformat(expression[3:-1]) - timedelta(hours=9)
    assert (told["time"], told["n"]) == (f"{local:%Y-%m-%dT%H:%M:%SZ}", "1")
    assert len(told["id"]) == 36
    names = {item["Name"] for item in emulator.client("scheduler").list_schedules()["Schedules"]}
    assert name not in names


@needs_ticks
def test_a_target_may_be_any_api_call(emulator: Emulator) -> None:
    url, _ = emulator.queue()
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
        "Input": json.dumps({"QueueUrl": url, "MessageBody": "called"}),
    }
    schedule(emulator, at(), target)
    assert messages(emulator, url) == ["called"]


def test_a_schedule_starts_an_execution_by_alias(emulator: Emulator) -> None:
    states = emulator.client("stepfunctions")
    machine = emulator.machine({"StartAt": "S", "States": {"S": {"Type": "Pass", "End": True}}})
    version = states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    routing = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = states.create_state_machine_alias(name="live", routingConfiguration=routing)["stateMachineAliasArn"]
    schedule(emulator, at(), {"Arn": alias, "Input": '{"from": "schedule"}'})
    found = eventually(lambda: states.list_executions(stateMachineArn=machine)["executions"])
    assert json.loads(emulator.ended(found[0]["executionArn"])["input"]) == {"from": "schedule"}


@needs_ticks
def test_what_cannot_be_delivered_goes_to_the_dead_letter_queue(emulator: Emulator) -> None:
    url, queue = emulator.queue()
    missing = "arn:aws:lambda:us-east-1:000000000000:function:not-there"
    schedule(emulator, at(), {"Arn": missing, "Input": '{"lost": 1}', "DeadLetterConfig": {"Arn": queue}})
    assert [json.loads(body) for body in messages(emulator, url)] == [{"lost": 1}]


def test_a_disabled_schedule_does_not_fire(emulator: Emulator) -> None:
    off, queue_off = emulator.queue()
    on, queue_on = emulator.queue()
    schedule(emulator, at(), {"Arn": queue_off, "Input": "{}"}, State="DISABLED")
    schedule(emulator, at(seconds=2), {"Arn": queue_on, "Input": "{}"})
    assert messages(emulator, on) == ["{}"]
    assert not emulator.client("sqs").receive_message(QueueUrl=off).get("Messages")


@pytest.mark.parametrize(
    ("expression", "zone", "last", "due"),
    [
        ("cron(0 9 * * ? *)", "Europe/Vienna", "2026-07-01T06:59:59+00:00", "2026-07-01T07:00:00+00:00"),
        ("cron(0 9 * * ? *)", "Europe/Vienna", "2026-01-01T07:59:59+00:00", "2026-01-01T08:00:00+00:00"),
        ("cron(30 2 * * ? *)", "Europe/Vienna", "2026-03-28T12:00:00+00:00", "2026-03-30T00:30:00+00:00"),
        ("cron(0/30 * * * ? *)", "Europe/Vienna", "2026-03-29T00:30:00+00:00", "2026-03-29T01:00:00+00:00"),
        ("cron(0/30 * * * ? *)", "Europe/Vienna", "2026-10-25T00:30:00+00:00", "2026-10-25T02:00:00+00:00"),
        ("cron(0/30 * * * ? *)", "Europe/Vienna", "2026-10-25T01:10:00+00:00", "2026-10-25T02:00:00+00:00"),
        ("cron(0 0 ? * MON-FRI *)", "America/New_York", "2026-11-20T12:00:00+00:00", "2026-11-23T05:00:00+00:00"),
        ("cron(0/15 * * * ? *)", "UTC", "2026-11-20T12:16:00+00:00", "2026-11-20T12:30:00+00:00"),
        ("rate(5 minutes)", "UTC", "2026-11-20T12:00:00+00:00", "2026-11-20T12:05:00+00:00"),
        ("at(2026-12-24T18:00:00)", "America/New_York", "2026-11-20T12:00:00+00:00", "2026-12-24T23:00:00+00:00"),
    ],
)
def test_the_next_occurrence_is_that_of_the_time_zone(
    emulator: Emulator, expression: str, zone: str, last: str, due: str
) -> None:
    assert next_occurrences(emulator, f"{expression!r}, {zone!r}, at({last!r})") == [due]


def test_a_rate_counts_from_its_start(emulator: Emulator) -> None:
    start = "at('2026-11-20T12:00:00+00:00')"
    lasts = ("2026-11-19T23:00:00+00:00", "2026-11-20T12:00:00+00:00", "2026-11-20T20:59:00+00:00")
    calls = [f"'rate(7 hours)', 'UTC', at({last!r}), {start}" for last in lasts]
    assert next_occurrences(emulator, *calls) == [
        "2026-11-20T12:00:00+00:00",
        "2026-11-20T19:00:00+00:00",
        "2026-11-21T02:00:00+00:00",
    ]


def next_occurrences(emulator: Emulator, *calls: str) -> list[str]:
    script = f"""
from datetime import UTC, datetime
from local.emulator.corrections.scheduler import next_occurrence
at = lambda text: datetime.fromisoformat(text).timestamp()
for found in [{", ".join(f"next_occurrence({call})" for call in calls)}]:
    print(datetime.fromtimestamp(found, UTC).isoformat())
"""
    done = subprocess.run([str(emulator.python), "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


PRODUCTS = [
    ("0 9 L * *", "Europe/Vienna"),
    ("30 2 L-3 * *", "Europe/Vienna"),
    ("0 9 15W,LW * *", "America/New_York"),
    ("30 1 * * SUN#1,SUNL", "America/New_York"),
    ("0 0 1,15,L * FRI#2", "Asia/Kathmandu"),
    ("0 0 29W 2 *", "UTC"),
    ("15 2 31 * 5L", "Australia/Lord_Howe"),
    ("0 12 * * MON#5", "Africa/Cairo"),
    ("at(2027-03-28T02:30)\n30 2 * 3 SUNL\nat(2027-03-28T03:30)", "Europe/Vienna"),
    ("0 9 L * *\n0 9 * * FRI\n0 9 LW * *", "Europe/Vienna"),
]


def test_a_trigger_is_due_when_the_product_says_so_and_each_time_once(emulator: Emulator) -> None:
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC)
    emitted = [schedules_for(lines, zone, start) for lines, zone in PRODUCTS]
    times = iter(all_occurrences(emulator, [(one.text, one.zone) for many in emitted for one in many], start, end))
    for (lines, zone), many in zip(PRODUCTS, emitted, strict=True):
        # What EventBridge cannot say fires on more days, and the starter lets those pass.
        due = {at for one in many for at in next(times) if due_on(lines, zone, at, one.line)}
        shown = list(takewhile(lambda at: at < end, fires(lines, ZoneInfo(zone), start)))
        assert sorted(due) == shown, lines
        assert shown, lines


def all_occurrences(
    emulator: Emulator, schedules: list[tuple[str, str]], start: datetime, end: datetime
) -> list[list[datetime]]:
    """Return the times at which each schedule fires."""
    script = f"""
import json
from local.emulator.corrections.scheduler import next_occurrence
def due(expression, zone):
    last = {start.timestamp()}
    while (at := next_occurrence(expression, zone, last)) and last < at < {end.timestamp()}:
        yield at
        last = at
print(json.dumps([list(due(*schedule)) for schedule in {schedules!r}]))
"""
    done = subprocess.run([str(emulator.python), "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [[datetime.fromtimestamp(at, UTC) for at in times] for times in json.loads(done.stdout)]


@needs_ticks
def test_a_rate_fires_first_at_its_start(emulator: Emulator) -> None:
    url, queue = emulator.queue()
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    schedule(emulator, "rate(1 hour)", {"Arn": queue, "Input": '"<aws.scheduler.scheduled-time>"'}, StartDate=start)
    assert messages(emulator, url) == [f'"{start:%Y-%m-%dT%H:%M:%SZ}"']
