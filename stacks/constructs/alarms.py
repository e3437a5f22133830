"""Alarms on what the platform's functions count of themselves, and on what they could not count because they ended."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.functions import PythonFunction
from stacks.settings import Settings
from stepweave_data.telemetry import Metric

PERIOD: Final = Duration.minutes(5)
UNAVAILABLE: Final = 5
"""Times in a period that something needed did not answer, from which on it is no blink."""
UNAUDITED: Final = "not in the audit"
"""What functions log where an entry could not be written."""
DELAY_MS: Final = 60_000
"""From which on people see that histories and live views lag."""


class Alarms(Construct):
    """One alarm per function for what nobody foresaw, one for what does not answer, and the recorder's own.

    With `settings.alarm_topic` they tell it; without, they are to be seen in CloudWatch.
    """

    def __init__(self, scope: Construct, id: str, settings: Settings, functions: Mapping[str, PythonFunction]) -> None:
        super().__init__(scope, id)
        self._prefix = settings.prefix
        topic = settings.alarm_topic
        self._topic = sns.Topic.from_topic_arn(self, "Topic", topic) if topic else None
        for name, function in ((name, made.function) for name, made in functions.items()):
            # A time-out or too little memory ends a function before it counts: Lambda counts those.
            broken = cloudwatch.MathExpression(
                expression="FILL(failed, 0) + FILL(errors, 0)",
                using_metrics={
                    "failed": self._counted(name, Metric.FAILED),
                    "errors": function.metric_errors(period=PERIOD),
                },
                period=PERIOD,
            )
            self._alarm(f"{name}-broken", f"{name} failed in a way nobody foresaw, or ended early", broken, 1)
            away = self._counted(name, Metric.UNAVAILABLE)
            self._alarm(f"{name}-unavailable", f"What {name} needs does not answer", away, UNAVAILABLE)
        malformed = self._counted("recorder", Metric.MALFORMED)
        self._alarm("recorder-malformed", "Messages that cannot be recorded", malformed, 1)
        delay = self._counted("recorder", Metric.DELAY, "Maximum")
        self._alarm("recorder-delay", "Events wait long until they are recorded", delay, DELAY_MS)
        unaudited = self._logged(functions, "unaudited", UNAUDITED)
        self._alarm("unaudited", "Something was done that is not in the audit; the log has it", unaudited, 1)
        self._alarm("dead-letters", "Events were given up; they wait in the dead letters", self._dead(), 1)

    def _counted(self, service: str, metric: Metric, statistic: str = "Sum") -> cloudwatch.Metric:
        """Return a metric of a function as `stepweave_data.telemetry` emits it."""
        return cloudwatch.Metric(
            namespace=self._prefix,
            metric_name=metric.value,
            dimensions_map={"service": service},
            statistic=statistic,
            period=PERIOD,
        )

    def _logged(self, functions: Mapping[str, PythonFunction], metric: str, words: str) -> cloudwatch.Metric:
        """Return how often these words are in what the functions log."""
        for name, made in functions.items():
            logs.MetricFilter(
                self,
                f"{name}-{metric}",
                log_group=made.log_group,
                filter_pattern=logs.FilterPattern.literal(f'"{words}"'),
                metric_namespace=self._prefix,
                metric_name=metric,
                metric_value="1",
            )
        return cloudwatch.Metric(namespace=self._prefix, metric_name=metric, statistic="Sum", period=PERIOD)

    def _dead(self) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions_map={"QueueName": f"{self._prefix}-events-dead.fifo"},
            statistic="Maximum",
            period=PERIOD,
        )

    def _alarm(self, name: str, description: str, metric: cloudwatch.IMetric, threshold: float) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._prefix}-{name}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._topic:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
