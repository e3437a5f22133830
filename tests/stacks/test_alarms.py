"""Alarms watch what the functions count: the names, the namespace and the dimension are those that they emit."""

import pytest

from local.settings import ROOT
from stacks.app import build
from stacks.constructs.alarms import UNAUDITED
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


def test_what_is_done_and_not_in_the_audit_wakes_somebody_whoever_did_it(on_aws: Synthesised) -> None:
    filters = [one.properties for one in on_aws.of("AWS::Logs::MetricFilter")]
    assert {one["FilterPattern"] for one in filters} == {'"not in the audit"'}
    functions = [one for one in on_aws.of("AWS::Lambda::Function") if "-node-" not in str(one.properties)]
    watched = [one for one in functions if one.stack == "control" and "FunctionName" in one.properties]
    assert len(filters) == len(watched)
    [counted] = {
        (one["MetricNamespace"], one["MetricName"]) for each in filters for one in each["MetricTransformations"]
    }
    alarm = on_aws.one("AWS::CloudWatch::Alarm", AlarmName=f"{on_aws.settings.prefix}-unaudited").properties
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Threshold"]) == (*counted, 1)
    for file in ("api/guard.py", "functions/system/vault/naming.py", "layers/data/src/stepweave_data/passes.py"):
        assert UNAUDITED in (ROOT / file).read_text()


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
