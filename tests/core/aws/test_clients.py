"""The light clients against moto's server: real HTTP, real protocols."""

import hashlib
import io
import json
from collections.abc import Iterator

import pytest

from stepweave.aws import Aws, AwsError
from stepweave.aws.signing import Credentials
from stepweave.aws.transport import AwsConfig
from tests.fixtures.moto_server import REGION, Boto


@pytest.fixture
def aws(moto_endpoint: str) -> Iterator[Aws]:
    made = Aws(AwsConfig(REGION, Credentials("test", "test"), moto_endpoint))
    yield made
    made.close()


def test_a_message_arrives_once_in_its_group(aws: Aws, boto: Boto) -> None:
    sqs = boto("sqs")
    url = sqs.create_queue(QueueName="events.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for _ in range(2):
        assert aws.queues.send(url, "zwölf \\ud83d", group="e1", deduplication="d1")
    found = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MaxNumberOfMessages=10)["Messages"]
    assert [(m["Body"], m["Attributes"]["MessageGroupId"]) for m in found] == [("zwölf \\ud83d", "e1")]


def test_a_queue_that_is_not_there_is_named(aws: Aws, moto_endpoint: str) -> None:
    with pytest.raises(AwsError) as caught:
        aws.queues.send(f"{moto_endpoint}/123456789012/none.fifo", "x", group="g", deduplication="d")
    assert "NonExistentQueue" in caught.value.code or "QueueDoesNotExist" in caught.value.code
    assert not caught.value.retryable


def test_objects_are_stored_and_fetched(aws: Aws, boto: Boto) -> None:
    s3 = boto("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    key = "tenant/ex/näme +&?/1-main.json"
    digest = aws.storage.put("data", key, b'{"a": 1}')
    assert digest == hashlib.sha256(b'{"a": 1}').hexdigest()
    assert aws.storage.get("data", key) == b'{"a": 1}'
    assert aws.storage.get("data", key, (1, 3)) == b'"a"'
    stored = s3.get_object(Bucket="data", Key=key)
    assert (stored["Body"].read(), stored["ContentType"]) == (b'{"a": 1}', "application/json")


def test_a_file_is_streamed_both_ways(aws: Aws, boto: Boto) -> None:
    boto("s3").create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    content = bytes(range(256)) * 20_000
    aws.storage.put_file(
        "files",
        "k",
        io.BytesIO(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="application/octet-stream",
    )
    target = io.BytesIO()
    aws.storage.get_file("files", "k", target)
    assert target.getvalue() == content


def test_an_object_that_is_not_there_is_named(aws: Aws, boto: Boto) -> None:
    boto("s3").create_bucket(Bucket="empty", CreateBucketConfiguration={"LocationConstraint": REGION})
    with pytest.raises(AwsError) as caught:
        aws.storage.get("empty", "none")
    assert (caught.value.code, caught.value.status) == ("NoSuchKey", 404)


def test_a_data_key_comes_plain_and_wrapped(aws: Aws, boto: Boto) -> None:
    key = boto("kms").create_key()["KeyMetadata"]["KeyId"]
    plain, wrapped = aws.keys.generate(key, {"tenantId": "t"})
    assert len(plain) == 32
    assert aws.keys.unwrap(wrapped, {"tenantId": "t"}) == plain
    with pytest.raises(AwsError):
        aws.keys.unwrap(wrapped, {"tenantId": "other"})


def test_a_secret_is_read(aws: Aws, boto: Boto) -> None:
    arn = boto("secretsmanager").create_secret(Name="callbacks", SecretString="the secret")["ARN"]
    assert aws.secret(arn) == "the secret"
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        aws.secret("none")


def test_executions_are_started_described_and_stopped(aws: Aws, boto: Boto) -> None:
    machine = boto("stepfunctions").create_state_machine(
        name="m",
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}),
        roleArn="arn:aws:iam::123456789012:role/r",
    )["stateMachineArn"]
    arn = aws.machines.start(machine, "e1", "{}")
    assert arn.endswith(":execution:m:e1")
    assert aws.machines.describe(arn)["name"] == "e1"
    aws.machines.stop(arn, error="Cancelled", cause="asked")
    with pytest.raises(AwsError) as caught:
        aws.machines.describe(arn.replace("e1", "none"))
    assert caught.value.code == "ExecutionDoesNotExist"


def test_a_function_that_is_not_there_is_named(aws: Aws) -> None:
    with pytest.raises(AwsError) as caught:
        aws.functions.invoke("none", {})
    assert caught.value.code == "ResourceNotFoundException"


def test_the_environment_configures_the_clients() -> None:
    environment = {
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/",
    }
    config = AwsConfig.from_environment(environment)
    assert (config.region, config.endpoint) == (REGION, "http://127.0.0.1:4566")
    assert config.credentials == Credentials("key", "secret", "token")
    assert AwsConfig.from_environment({**environment, "AWS_ENDPOINT_URL": ""}).endpoint == ""


@pytest.mark.parametrize(
    ("missing", "code"), [("AWS_REGION", "ConfigurationMissing"), ("AWS_SECRET_ACCESS_KEY", "CredentialsMissing")]
)
def test_what_the_environment_lacks_is_named(missing: str, code: str) -> None:
    environment = {"AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    del environment[missing]
    with pytest.raises(AwsError) as caught:
        AwsConfig.from_environment(environment)
    assert caught.value.code == code
