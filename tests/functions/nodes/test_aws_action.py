"""Any action of AWS, against moto's services and against answers that AWS gives when something is wrong."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from functions.nodes.apps.aws import service
from functions.nodes.apps.aws.nodes.any_action.options import LOADERS
from functions.nodes.apps.aws.nodes.any_action.run import run
from functions.nodes.apps.aws.nodes.any_action.spec import SPEC
from functions.nodes.apps.aws.session import session
from stepweave.runtime.options import options
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Web
from tests.fixtures.moto_server import Boto
from tests.functions.nodes.aws import KEYS, Trigger, acting, failure

Aws = Callable[..., Any]


@pytest.fixture
def bench(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return acting(SPEC, run, moto_endpoint, monkeypatch)


def call(bench: Bench, service: str, operation: str, parameters: Any = None, **more: Any) -> list[dict[str, Any]]:
    given = {"credential": "c", "service": service, "operation": operation, "given": "json", **more}
    return bench.json({**given, "jsonParameters": parameters}, items({}))


def wrong(bench: Bench, service: str, operation: str, parameters: Any = None, **more: Any) -> Any:
    given = {"credential": "c", "service": service, "operation": operation, "given": "json", **more}
    return failure(bench, {**given, "jsonParameters": parameters})


def test_an_operation_is_called_and_its_answer_is_json(bench: Bench) -> None:
    name = f"/stage/{uuid.uuid4().hex}"
    call(bench, "ssm", "PutParameter", {"Name": name, "Value": "live", "Type": "String"})
    [found] = call(bench, "ssm", "GetParameter", {"Name": name})
    assert found["Parameter"]["Value"] == "live"
    assert found["Parameter"]["LastModifiedDate"].endswith("Z")
    assert "ResponseMetadata" not in found


def test_rows_of_the_form_are_read_by_the_model(bench: Bench) -> None:
    rows = [
        {"name": "KeySpec", "value": ""},
        {"name": "Description", "value": "5"},
        {"name": "MultiRegion", "value": "false"},
        {"name": "Tags", "value": '[{"TagKey": "a", "TagValue": "1"}]'},
    ]
    params = {"credential": "c", "service": "kms", "operation": "CreateKey", "parameters": rows}
    [made] = bench.json(params, items({}))
    assert made["KeyMetadata"]["Description"] == "5"
    assert made["KeyMetadata"]["MultiRegion"] is False
    twice = [{"name": "Description", "value": "a"}, {"name": "Description", "value": "b"}]
    assert "stands there twice" in failure(bench, {**params, "parameters": twice})["message"]


def test_bytes_go_both_ways(bench: Bench) -> None:
    [key] = call(bench, "kms", "CreateKey", {})
    id = key["KeyMetadata"]["KeyId"]
    [sealed] = call(bench, "kms", "Encrypt", {"KeyId": id, "Plaintext": "grüße"})
    [open_] = call(bench, "kms", "Decrypt", {"CiphertextBlob": {"base64": sealed["CiphertextBlob"]}})
    assert open_["Plaintext"] == "Z3LDvMOfZQ=="


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "words"),
    [
        ("s3", "GetObject", {"Bucket": "b", "key": "k"}, ["key is no parameter (did you mean Key?)", "Key is missing"]),
        ("sqs", "SendMessage", {"QueueUrl": "q"}, ["MessageBody is missing: it must be text"]),
        (
            "ec2",
            "DescribeInstances",
            {"Filters": [{"Name": "a", "Values": "b"}], "MaxResults": "5"},
            ["Filters[0].Values must be a list, not text", "MaxResults must be a whole number, not text"],
        ),
        ("ec2", "DescribeInstances", {"DryRun": 1}, ["DryRun must be true or false, not a number"]),
        ("ec2", "DescribeInstances", {"MaxResults": True}, ["MaxResults must be a whole number, not true or false"]),
        ("ec2", "DescribeInstances", [], ["The parameters must be an object, not a list"]),
        ("kms", "Decrypt", {"CiphertextBlob": {"base64": "?"}}, ["CiphertextBlob is no Base64"]),
        ("kms", "Decrypt", {"CiphertextBlob": {"file": "x"}}, ["CiphertextBlob names no file", "no file “x”"]),
        ("cloudwatch", "PutMetricData", {"Namespace": "n", "MetricData": [{"MetricName": "m", "Timestamp": "soon"}]},
         ["MetricData[0].Timestamp must be a time"]),
        ("rds-data", "ExecuteStatement", {"resourceArn": "r", "secretArn": "s", "sql": "q",
         "parameters": [{"value": {"stringValue": "a", "longValue": 1}}]},
         ["parameters[0].value must have exactly one of"]),
        ("s3", "ListBuckets", {"Nonsense": {}}, ["Nonsense is no parameter"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_path_and_nothing_is_sent(
    bench: Bench, service: str, operation: str, parameters: Any, words: list[str]
) -> None:
    bench.outside.credentials["c", "aws"]["endpoint"] = "http://127.0.0.1:9"  # nobody is there
    told = wrong(bench, service, operation, parameters)
    assert told["type"] == "ParameterInvalid"
    assert told["details"]["field"] == "params.jsonParameters"
    assert [word for word in words if word not in told["message"]] == [], told["message"]


def test_services_and_operations_that_are_not_there_are_named(bench: Bench) -> None:
    assert wrong(bench, "s33", "X")["message"] == "AWS has no service 's33'."
    told = wrong(bench, "ec2", "describe_instances")
    assert (told["message"], told["remedy"]) == (
        "ec2 has no operation 'describe_instances'.",
        "Write DescribeInstances.",
    )
    assert "no region" in wrong(bench, "ec2", "DescribeRegions", region="evil.example/")["message"]


def test_all_pages_become_items_up_to_the_limit(bench: Bench, boto: Boto) -> None:
    prefix = f"/p{uuid.uuid4().hex}"
    for number in range(12):
        boto("ssm").put_parameter(Name=f"{prefix}/{number:02}", Value=str(number), Type="String")
    asked = {"Path": prefix, "MaxResults": 5}
    found = call(bench, "ssm", "GetParametersByPath", asked, pages="all")
    assert sorted(one["Value"] for one in found) == sorted(map(str, range(12)))
    assert len(call(bench, "ssm", "GetParametersByPath", asked, pages="all", limit=7)) == 7
    assert wrong(bench, "sts", "GetCallerIdentity", {}, pages="all")["details"]["field"] == "params.pages"


def test_a_stream_becomes_a_file_and_a_file_a_stream(bench: Bench, boto: Boto) -> None:
    bucket = f"b-{uuid.uuid4().hex}"
    call(
        bench,
        "s3",
        "CreateBucket",
        {"Bucket": bucket, "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}},
    )
    call(
        bench, "s3", "PutObject", {"Bucket": bucket, "Key": "a/ü b%2F+c", "Body": "hello", "ContentType": "text/plain"}
    )
    params = {"credential": "c", "service": "s3", "operation": "GetObject", "given": "json"}
    result = bench({**params, "jsonParameters": {"Bucket": bucket, "Key": "a/ü b%2F+c"}}, items({}))
    [made] = bench.outside.claims.fetch(result["output"]["main"], TENANT)
    assert made["json"]["Body"] == {"fileName": "", "mimeType": "text/plain", "size": 5}
    put = {
        **params,
        "operation": "PutObject",
        "jsonParameters": {"Bucket": bucket, "Key": "copy", "Body": {"file": "data"}},
    }
    bench(put, [made])
    assert boto("s3").get_object(Bucket=bucket, Key="copy")["Body"].read() == b"hello"


def test_a_refusal_has_awss_own_words(bench: Bench) -> None:
    told = wrong(bench, "s3", "GetObject", {"Bucket": f"no-{uuid.uuid4().hex}", "Key": "k"})
    assert (told["type"], told["details"]["code"]) == ("AwsResourceMissing", "NoSuchBucket")
    told = wrong(bench, "ssm", "GetParameter", {"Name": "/none"})
    assert told["type"] == "AwsRefused"
    assert told["details"] == {
        "code": "ParameterNotFound", "status": 400, "action": "ssm:GetParameter", "field": "params.jsonParameters",
    }  # fmt: skip


def test_the_functions_own_role_is_never_used(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Whatever the environment has: keys, a profile, an endpoint, a container's or a machine's role."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAPLATFORM",
        "AWS_SECRET_ACCESS_KEY": "platform",
        "AWS_SESSION_TOKEN": "platform",
        "AWS_PROFILE": "platform",
        "AWS_BEARER_TOKEN_BEDROCK": "platform",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    session.cache_clear()
    [who] = call(bench, "sts", "GetCallerIdentity")
    assert "Account" in who
    assert session().get_credentials() is None
    bench.outside.credentials["c", "aws"] = {"region": "eu-central-1"}
    assert wrong(bench, "sts", "GetCallerIdentity")["type"] == "CredentialMissing"


def test_a_role_is_taken_on_with_its_external_id(web: Web) -> None:
    seen: list[str] = []

    def answer(it: Any) -> None:
        seen.append(it.asked.body.decode())
        seen.append(it.asked.headers.get("authorization", ""))
        keys = "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        it.answer(
            200, f"<R><GetCallerIdentityResult><Credentials>{keys}</Credentials></GetCallerIdentityResult></R>".encode()
        )

    web.routes["/"] = answer
    bench = Bench(SPEC, run)
    arn = "arn:aws:iam::123456789012:role/x"
    data = {**KEYS, "endpoint": web.url(""), "roleArn": arn, "externalId": f"e-{uuid.uuid4().hex}"}
    bench.outside.credentials["c", "aws"] = data
    call(bench, "sts", "GetCallerIdentity")
    assert f"ExternalId={data['externalId']}" in seen[0]
    assert "Credential=ASIAROLE/" in seen[3]


@pytest.fixture
def answering(web: Web, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Bench]:
    monkeypatch.setattr(service, "PAUSES", [0, 0, 0])

    def made(*answers: tuple[int, bytes]) -> Bench:
        left = list(answers)
        web.routes["/"] = lambda it: it.answer(*(left.pop(0) if len(left) > 1 else left[0]))
        bench = Bench(SPEC, run)
        bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": web.url("")}
        return bench

    return made


def test_a_throttled_call_is_made_again_within_limits(answering: Callable[..., Bench], web: Web) -> None:
    slow = (400, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}')
    good = (200, b'{"Parameter": {"Name": "n", "Value": "v"}}')
    assert call(answering(slow, slow, good), "ssm", "GetParameter", {"Name": "n"})[0]["Parameter"]["Value"] == "v"
    told = wrong(answering(slow), "ssm", "GetParameter", {"Name": "n"})
    assert (told["type"], told["retryable"]) == ("HttpRateLimited", True)
    assert len(web.asked) == 3 + 4


@pytest.mark.parametrize(
    ("status", "body", "type"),
    [
        (200, b"<html>", "ResponseInvalid"),
        (503, b"<html>busy</html>", "HttpServerError"),
        (403, b'{"__type": "AccessDeniedException", "Message": "no"}', "AwsAccessDenied"),
        (403, b'{"__type": "UnrecognizedClientException", "message": "no"}', "AwsKeysRefused"),
        (400, b'{"__type": "ValidationException", "message": "1 validation error"}', "AwsRefused"),
    ],
)
def test_what_answers_wrongly_is_told(answering: Callable[..., Bench], status: int, body: bytes, type: str) -> None:
    assert wrong(answering((status, body)), "ssm", "GetParameter", {"Name": "n"})["type"] == type


def test_a_page_that_comes_again_and_again_ends(answering: Callable[..., Bench]) -> None:
    same = (200, b'{"Parameters": [{"Name": "n"}], "NextToken": "same"}')
    told = wrong(answering(same), "ssm", "GetParametersByPath", {"Path": "/"}, pages="all")
    assert told["type"] == "ResponseInvalid"
    assert "same next page" in told["message"]


def test_an_endpoint_without_tls_or_inside_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    assert wrong(bench, "sts", "GetCallerIdentity")["type"] == "AddressForbidden"
    bench.outside.credentials["c", "aws"]["endpoint"] = "https://169.254.169.254"
    assert wrong(bench, "sts", "GetCallerIdentity")["type"] == "AddressForbidden"


def test_the_form_comes_from_the_models(moto_endpoint: str) -> None:
    def asked(loader: str, search: str = "", **params: str) -> Any:
        trigger = Trigger(SPEC, {"options": options(LOADERS)}, params, {})
        return trigger.ask("options", {"loader": loader, "search": search, "page": ""})["answer"]["options"]

    assert len(asked("services")) > 300
    assert "stepfunctions" in [one["value"] for one in asked("services", "step func")]
    assert [one["value"] for one in asked("operations", "sendmess", service="sqs")] == [
        "SendMessage",
        "SendMessageBatch",
    ]
    first, second, *_ = asked("parameters", service="sqs", operation="SendMessageBatch")
    assert (first["value"], first["required"], second["value"]) == ("QueueUrl", True, "Entries")
    assert second["detail"].startswith("list of {Id*: text, MessageBody*: text, DelaySeconds: number")
    assert json.dumps(asked("parameters", service="sts", operation="GetCallerIdentity")) == "[]"
