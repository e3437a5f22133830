"""EventBridge Scheduler: schedules fire when they are due."""

import json
import logging
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ministack.core.responses import request_scope
from ministack.services import eventbridge, lambda_svc, scheduler, sqs, stepfunctions

from local.emulator.registry import correction
from local.emulator.running import Json, running

TICK_SECONDS = 1.0
LATE_SECONDS = 60.0
"""An occurrence missed for longer, because the emulator was off, fires once and the series goes on from now."""

JUST_BEFORE = 0.001
"""What is due at a `StartDate` is due after the moment this many seconds before it."""

logger = logging.getLogger("local.emulator.scheduler")


@correction
def scheduler_ticks() -> None:
    """Fire schedules every second, in their time zone, once per occurrence, restarts included.

    AWS: precision is a minute, a rate counts from its `StartDate`, and the expression holds in
    `ScheduleExpressionTimezone`; `Input` may contain <aws.scheduler.scheduled-time>, <aws.scheduler.execution-id>,
    <aws.scheduler.schedule-arn> and <aws.scheduler.attempt-number>; a target that cannot be invoked sends its input to
    the schedule's dead-letter queue; a target may be any API call (`arn:aws:scheduler:::aws-sdk:service:action`).

    Replaces `scheduler._tick_schedules` (500), which runs every ten seconds, takes every expression for UTC, forgets on
    a restart what it has fired, and knows neither keywords nor universal targets nor dead-letter queues.

    Delete when MiniStack does these.
    """
    scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
    scheduler._tick_schedules = tick


def tick() -> None:
    """Fire every schedule that is due. Runs on MiniStack's scheduler thread."""
    now = time.time()
    for key, schedule in list(scheduler._schedules._data.items()):
        try:
            check(key, schedule, now)
        except Exception:
            logger.exception("schedule %s", key)


def check(key: tuple[str, str, str], schedule: Json, now: float) -> None:
    """Fire one schedule if it is due."""
    if schedule.get("State", "ENABLED") != "ENABLED" or schedule.get("_completed"):
        schedule.pop("_expression", None)  # what it misses is not made up for
        return
    start, end = scheduler._to_epoch(schedule.get("StartDate")), scheduler._to_epoch(schedule.get("EndDate"))
    if start is not None and now < start:
        return
    if end is not None and now > end:
        complete(key, schedule)
        return
    expression = schedule.get("ScheduleExpression", "").strip()
    if schedule.get("_expression") != expression + str(schedule.get("ScheduleExpressionTimezone")):
        # New or changed: occurrences count from the change on.
        schedule["_expression"] = expression + str(schedule.get("ScheduleExpressionTimezone"))
        schedule["_last"] = scheduler._to_epoch(schedule.get("LastModificationDate")) or now
        if start is not None:
            schedule["_last"] = max(schedule["_last"], start - JUST_BEFORE)
    zone = schedule.get("ScheduleExpressionTimezone") or "UTC"
    due = next_occurrence(expression, zone, schedule["_last"], start)
    if due is None or now < due:
        return
    schedule["_last"] = due if now - due < LATE_SECONDS else now
    fire(key, schedule, due)
    if expression.startswith("at("):
        complete(key, schedule)


def complete(key: tuple[str, str, str], schedule: Json) -> None:
    """The schedule will not fire again."""
    schedule["_completed"] = True
    if schedule.get("ActionAfterCompletion") == "DELETE":
        scheduler._schedules._data.pop(key, None)


def next_occurrence(expression: str, zone: str, last: float, start: float | None = None) -> float | None:
    """When a schedule is due after `last`; a rate counts from its `StartDate`, where it has one."""
    place = ZoneInfo(zone)
    if expression.startswith("at("):
        return datetime.fromisoformat(expression[3:-1].strip()).replace(tzinfo=place).timestamp()
    seconds = eventbridge._parse_rate_seconds(expression)
    if seconds is not None:
        if start is None:
            return last + float(seconds)
        rounds = max(0, int((last - start) // seconds) + 1)
        return start + rounds * float(seconds)
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return None
    # MiniStack's cron knows no zones: let it count on the zone's wall clock.
    wall = datetime.fromtimestamp(last, place).replace(tzinfo=UTC)
    while (found := eventbridge._cron_next_fire(fields, wall)) is not None:
        due = found.replace(tzinfo=place)
        moment: float = due.timestamp()
        # AWS leaves out what does not exist in an hour that the clocks skip, and what has been in one that they repeat.
        exists = datetime.fromtimestamp(moment, place).replace(tzinfo=None) == due.replace(tzinfo=None)
        if exists and moment > last:
            return moment
        wall = found
    return None


def fire(key: tuple[str, str, str], schedule: Json, due: float) -> None:
    """Invoke the target of a schedule."""
    account, region, _ = key
    target = dict(schedule.get("Target") or {})
    said = {
        "scheduled-time": datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": scheduler.new_uuid(),
        "schedule-arn": schedule.get("Arn", ""),
        "attempt-number": "1",
    }
    if target.get("Input"):
        for name, value in said.items():
            target["Input"] = target["Input"].replace(f"<aws.scheduler.{name}>", value)
    event = {
        "EventId": said["execution-id"],
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": due,
        "Resources": [schedule.get("Arn", "")],
        "Account": account,
        "Region": region,
    }
    with request_scope(account, region):
        try:
            invoke(target, event, schedule)
        except Exception as error:
            logger.warning("schedule %s: %s", schedule.get("Arn"), error)
            dead_letter(target, schedule, error)


def invoke(target: Json, event: Json, schedule: Json) -> None:
    """Invoke a target, or raise: MiniStack only logs that there is none."""
    arn = target.get("Arn", "")
    if ":scheduler:::aws-sdk:" in arn:
        resource = "arn:aws:states:::aws-sdk:" + arn.split("aws-sdk:")[1]
        stepfunctions._invoke_aws_sdk_integration(resource, json.loads(target.get("Input") or "{}"))
        return
    if ":lambda:" in arn and not lambda_svc._get_func_record_for_ref(arn)[0]:
        raise LookupError(f"ResourceNotFoundException: {arn}")
    if ":states:" in arn:
        status, _, body = stepfunctions._start_execution({"stateMachineArn": arn, "input": target.get("Input") or "{}"})
        if status >= 400:
            raise LookupError(body.decode())
        return
    if ":sqs:" in arn and sqs._queue_by_arn(arn) is None:
        raise LookupError(f"AWS.SimpleQueueService.NonExistentQueue: {arn}")
    eventbridge._invoke_target(target, event, schedule)


def dead_letter(target: Json, schedule: Json, error: Exception) -> None:
    """Send what could not be delivered to the schedule's dead-letter queue, with why."""
    queue = sqs._queue_by_arn((target.get("DeadLetterConfig") or {}).get("Arn") or "")
    if queue is None:
        return
    code = str(error).partition(":")[0]
    attributes = {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": str(error),
        "RETRY_ATTEMPTS": "0",
        "SCHEDULE_ARN": schedule.get("Arn", ""),
        "TARGET_ARN": target.get("Arn", ""),
    }
    described = {name: {"DataType": "String", "StringValue": value or "-"} for name, value in attributes.items()}
    message: Json = {
        "QueueUrl": queue.get("url") or sqs._queue_url(queue["attributes"]["QueueArn"].rsplit(":", 1)[1]),
        "MessageBody": target.get("Input") or "{}",
        "MessageAttributes": described,
    }

    async def send() -> Any:
        return sqs._act_send_message(message, message["QueueUrl"])

    running.wait(send())
