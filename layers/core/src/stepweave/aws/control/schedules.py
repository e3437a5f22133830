"""EventBridge Scheduler: one schedule invokes the starter function with its payload and the time it was due."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stepweave.aws.control.clients import aws_errors, client


@dataclass(frozen=True)
class EventBridgeSchedules:
    """The schedules of one deployment's group."""

    group: str
    role_arn: str
    starter_arn: str

    def put(
        self,
        name: str,
        expression: str,
        time_zone: str,
        payload: dict[str, Any],
        *,
        enabled: bool = True,
        start: datetime | None = None,
    ) -> None:
        """Make or change a schedule; one that is not enabled does not fire.

        Args:
            name: its name in the group.
            expression: `cron(...)` or `rate(...)`.
            time_zone: the IANA name that the expression is meant in.
            payload: what the starter is invoked with, beside the time it was due.
            enabled: whether it fires.
            start: the first fire of a rate, from which Scheduler counts; without it a rate fires at once.

        Raises:
            AwsError: an expression it cannot read, say.
        """
        with aws_errors():
            scheduler = client("scheduler")
            about: dict[str, Any] = {
                "Name": name,
                "GroupName": self.group,
                "ScheduleExpression": expression,
                "ScheduleExpressionTimezone": time_zone,
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "State": "ENABLED" if enabled else "DISABLED",
                "Target": {
                    "Arn": self.starter_arn,
                    "RoleArn": self.role_arn,
                    # Scheduler puts the due time in place of the keyword (Scheduler user guide, "Context attributes").
                    "Input": json.dumps({**payload, "scheduledTime": "<aws.scheduler.scheduled-time>"}),
                    "RetryPolicy": {"MaximumRetryAttempts": 5, "MaximumEventAgeInSeconds": 600},
                },
            }
            if start is not None:
                about["StartDate"] = start
            try:
                scheduler.create_schedule(**about)
            except scheduler.exceptions.ConflictException:
                scheduler.update_schedule(**about)

    def delete(self, name: str) -> None:
        """Remove a schedule; one that is gone is fine. Raises AwsError."""
        with aws_errors():
            scheduler = client("scheduler")
            try:
                scheduler.delete_schedule(Name=name, GroupName=self.group)
            except scheduler.exceptions.ResourceNotFoundException:
                return
