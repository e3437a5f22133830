"""Alarms watch what the functions count: the names, the namespace and the dimension are those that they emit."""

import pytest

from stacks.app import build
from stacks.settings import read
from stepweave_data.telemetry import Metric
from tests.stacks.conftest import LOCAL, Placeholders, Synthesised

pytestmark = pytest.mark.synth


def test_every_function_is_watched_under_the_names_it_counts_with(on_aws: Synthesised) -> None:
    alarms = {alarm.properties["AlarmName"]: alarm.properties for alarm in on_aws.of("AWS::CloudWatch::Alarm")}
    prefix = on_aws.settings.prefix
    functions = "api webhook recorder live vault starter resume sweeper authorizer status store"
    for name in functions.split():
        variables = on_aws.environment(name)
        assert variables["POWERTOOLS_SERVICE_NAME"] == name
        assert alarms[f"{prefix}-{name}-unavailable"]["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
        assert alarms[f"{prefix}-{name}-unavailable"]["Dimensions"] == [{"Name": "service", "Value": name}]
        failed, errors = (
            part["MetricStat"]["Metric"]
            for part in sorted(alarms[f"{prefix}-{name}-broken"]["Metrics"], key=lambda part: part["Id"], reverse=True)
            if "MetricStat" in part
        )
        assert (failed["MetricName"], errors["MetricName"]) == (Metric.FAILED.value, "Errors")
    own = [alarms[f"{prefix}-recorder-{kind}"]["MetricName"] for kind in ("malformed", "delay")]
    assert own == [Metric.MALFORMED.value, Metric.DELAY.value]
    dead = alarms[f"{prefix}-dead-letters"]["Dimensions"]
    assert on_aws.one("AWS::SQS::Queue", QueueName=dead[0]["Value"]).stack == "data"


def test_alarms_tell_the_topic_that_the_context_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    import aws_cdk as cdk

    folder = tmp_path_factory.mktemp("alarms")
    (folder / "index.html").write_text("<!doctype html>")
    topic = "arn:aws:sns:us-east-1:000000000000:us"
    settings = read({"env": "dev", "alarmTopicArn": topic}.get, LOCAL)
    stacks = build(cdk.App(), settings, Placeholders(folder / "placeholder.zip"), folder)
    template = cdk.assertions.Template.from_stack(stacks["control"])
    told = [one["Properties"]["AlarmActions"] for one in template.find_resources("AWS::CloudWatch::Alarm").values()]
    assert len(told) > 20
    assert all(actions == [topic] for actions in told)


def test_on_one_machine_nobody_is_woken(local: Synthesised) -> None:
    assert local.of("AWS::CloudWatch::Alarm") == []
