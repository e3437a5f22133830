"""AWS's triggers on the embedded stack: SQS, S3 and EventBridge of an account that moto plays, an SNS that signs."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.client.rest import ApiError, Client
from local.settings import LocalSettings
from tests.fakes.sns import TOPIC, Sns
from tests.fakes.web import web_server
from tests.integration.conftest import Session
from tests.integration.test_calling import executions_of
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node

pytestmark = pytest.mark.integration
REGION = "us-east-1"
KEYS = {"accessKeyId": "test", "secretAccessKey": "test", "region": REGION}


class Cloud:
    """A tenant's own account, beside the platform's."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.name = f"aws-{uuid.uuid4().hex[:8]}"
        self.sqs = self.client("sqs")
        self.url = self.sqs.create_queue(QueueName=self.name)["QueueUrl"]
        asked = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn = asked["Attributes"]["QueueArn"]

    def client(self, name: str, endpoint: str = "") -> Any:
        return boto3.client(  # type: ignore[call-overload]  # the stubs want a literal
            name,
            endpoint_url=endpoint or self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def left(self) -> tuple[str, str]:
        """How many messages can be received, and how many are with a receiver."""
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return found["ApproximateNumberOfMessages"], found["ApproximateNumberOfMessagesNotVisible"]

    def poll(self, platform: str, tenant_id: str, registration_id: str) -> Any:
        """Do what the registration's clock does, on the platform's emulator."""
        functions = self.client("lambda", platform)
        pages = functions.get_paginator("list_functions").paginate()
        [name] = [
            one["FunctionName"]
            for page in pages
            for one in page["Functions"]
            if one["FunctionName"].endswith("-starter")
        ]
        payload = json.dumps({"tenantId": tenant_id, "registrationId": registration_id})
        return json.loads(functions.invoke(FunctionName=name, Payload=payload)["Payload"].read())


@pytest.fixture
def cloud(moto_endpoint: str) -> Cloud:
    return Cloud(moto_endpoint)


@pytest.fixture(scope="module")
def sns() -> Iterator[Sns]:
    with web_server() as web:
        yield Sns(web)


async def listening(client: Client, type: str, params: dict[str, Any], **data: str) -> dict[str, Any]:
    """Return a saved workflow that starts with a trigger of AWS."""
    body = {"name": f"AWS {uuid.uuid4().hex[:6]}", "type": "aws", "data": {**KEYS, **data}}
    credential = (await client.post("/credentials", body))["id"]
    made = workflow(f"AWS {uuid.uuid4().hex[:6]}", [node("after", "no_op")])
    made["nodes"].append(node("on", type, {"credential": credential, **params}))
    made["edges"].append({"id": "on", "source": "on", "target": "after"})
    found: dict[str, Any] = await client.post("/workflows", made)
    return found


def by_queue(cloud: Cloud) -> None:
    cloud.sqs.send_message(QueueUrl=cloud.url, MessageBody='{"n": 7}')


def by_bucket(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=cloud.name)
    told = {"QueueArn": cloud.arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=cloud.name, NotificationConfiguration={"QueueConfigurations": [told]}
    )
    s3.put_object(Bucket=cloud.name, Key="in/red flower+1.txt", Body=b"abc")


def by_rule(cloud: Cloud) -> None:
    events = cloud.client("events")
    events.put_rule(Name=cloud.name, EventPattern=json.dumps({"source": [cloud.name]}))
    events.put_targets(Rule=cloud.name, Targets=[{"Id": "1", "Arn": cloud.arn}])
    events.put_events(Entries=[{"Source": cloud.name, "DetailType": "Order", "Detail": '{"n": 7}'}])


@pytest.mark.parametrize(
    ("type", "sends", "wanted"),
    [
        ("sqs_trigger", by_queue, {"body": {"n": 7}, "receiveCount": 1}),
        ("s3_trigger", by_bucket, {"key": "in/red flower+1.txt", "size": 3, "event": "ObjectCreated:Put"}),
        ("eventbridge_trigger", by_rule, {"detailType": "Order", "detail": {"n": 7}}),
    ],
    ids=["sqs", "s3", "eventbridge"],
)
def test_what_lies_in_a_queue_starts_the_workflow_once(
    tenant: Session, settings: LocalSettings, cloud: Cloud, type: str, sends: Any, wanted: dict[str, Any]
) -> None:
    async def run(client: Client) -> None:
        made = await listening(client, type, {"queue": cloud.name}, endpoint=cloud.endpoint)
        id, tenant_id = made["id"], (await client.get("/me"))["tenant"]["id"]
        await client.post(f"/workflows/{id}/publish", {})
        sends(cloud)
        [registration] = (await client.get(f"/workflows/{id}"))["registrations"]
        for _ in range(50):
            if (await asyncio.to_thread(cloud.poll, settings.aws_url, tenant_id, registration["id"])).get(
                "executionIds"
            ):
                break
        [ended] = await executions_of(client, id, "succeeded")
        [item] = outputs(await client.get(f"/executions/{ended['id']}"), "after")
        assert {name: item[name] for name in wanted} == wanted
        assert cloud.left() == ("0", "0")
        again = await asyncio.to_thread(cloud.poll, settings.aws_url, tenant_id, registration["id"])
        assert again.get("executionIds", []) == []
        await client.post(f"/workflows/{id}/unpublish", {})

    tenant(run)


def test_a_queue_that_is_not_there_refuses_the_publish_at_its_field(tenant: Session, cloud: Cloud) -> None:
    async def run(client: Client) -> None:
        made = await listening(client, "sqs_trigger", {"queue": f"{cloud.name}-no"}, endpoint=cloud.endpoint)
        with pytest.raises(ApiError) as refused:
            await client.post(f"/workflows/{made['id']}/publish", {})
        assert (refused.value.status, refused.value.code) == (422, "trigger_refused")

    tenant(run)


def test_a_topic_is_subscribed_to_confirmed_heard_and_left(tenant: Session, sns: Sns) -> None:
    async def run(client: Client) -> None:
        made = await listening(client, "sns_trigger", {"topic": TOPIC}, endpoint=sns.web.url("").rstrip("/"))
        id = made["id"]
        await client.post(f"/workflows/{id}/publish", {})
        [subscription] = sns.subscriptions.values()
        path = "/hooks/" + subscription["Endpoint"].partition("/hooks/")[2]

        async def call(message: dict[str, Any]) -> int:
            sent = await client.raw("POST", path, content=json.dumps(message), headers={"content-type": "text/plain"})
            return int(sent.status_code)

        token = {"Type": "SubscriptionConfirmation", "Token": "t-1", "SubscribeURL": "http://127.0.0.1:1/"}
        assert await call(sns.signed(token)) == 200
        assert sns.confirmed == ["t-1"]
        message = sns.signed({"Message": '{"n": 7}'}, "2")
        assert [await call(message) for _ in range(3)] == [202, 202, 202]
        assert await call({**message, "Message": '{"n": 8}'}) == 401
        [ended] = await executions_of(client, id, "succeeded")
        [item] = outputs(await client.get(f"/executions/{ended['id']}"), "after")
        assert item["body"] == {"n": 7}
        await client.post(f"/workflows/{id}/unpublish", {})
        assert sns.subscriptions == {}
        assert len((await client.get("/executions", workflowId=id))["items"]) == 1

    tenant(run)
