"""The bare machine: trivial handlers on the same emulator, wired as ours are, to hold our figures against.

A webhook function that starts a synchronous execution, and step functions that return their input: no database, no
events, no parameters. Made by boto3 (`local.aws`), removed afterwards.
"""

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from local import aws
from local.settings import ACCOUNT, LocalSettings

ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/bare"
STEP: Final = "def handler(event, context):\n    return event\n"
WEBHOOK: Final = """
import json, os
from urllib.parse import urlsplit
import urllib3
POOL = urllib3.PoolManager()
def handler(event, context):
    body = json.dumps({"stateMachineArn": os.environ["MACHINE"], "input": event.get("body") or "{}"})
    key = os.environ.get("AWS_ACCESS_KEY_ID", "test")
    scope = key + "/20260101/us-east-1/states/aws4_request"
    answer = POOL.request("POST", os.environ["AWS_ENDPOINT_URL"] + "/", body=body, headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.StartSyncExecution",
        "Authorization": "AWS4-HMAC-SHA256 Credential=" + scope + ", SignedHeaders=host, Signature=0"})
    output = json.loads(answer.data)["output"]
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": output}
"""


@dataclass(frozen=True)
class Bare:
    """What was made: URL of the bare webhook, and machines of 2 (Express), 5 and 40 (Standard) trivial steps."""

    webhook_url: str
    machines: dict[int, str]


def client(settings: LocalSettings, service: str) -> Any:
    """Return a boto3 client of the local AWS endpoint."""
    return aws.client(
        service, settings.aws_url, retries={"max_attempts": 3}, max_pool_connections=120, read_timeout=120
    )


@contextmanager
def bare_machine(settings: LocalSettings) -> Iterator[Bare]:
    """Make the bare machine, and remove it afterwards."""
    functions, states, api = (client(settings, name) for name in ("lambda", "stepfunctions", "apigatewayv2"))
    mark = uuid.uuid4().hex[:8]
    made: list[Any] = []
    try:
        step = _function(functions, f"bare-step-{mark}", STEP, {})
        made.append(lambda: functions.delete_function(FunctionName=f"bare-step-{mark}"))
        machines = {}
        for count, kind in ((2, "EXPRESS"), (5, "STANDARD"), (40, "STANDARD")):
            machines[count] = _machine(states, f"bare-{count}-{mark}", step, count, kind)
            made.append(lambda arn=machines[count]: states.delete_state_machine(stateMachineArn=arn))
        webhook = _function(functions, f"bare-webhook-{mark}", WEBHOOK, {"MACHINE": machines[2]})
        made.append(lambda: functions.delete_function(FunctionName=f"bare-webhook-{mark}"))
        api_id = _api(api, f"bare-{mark}", webhook)
        made.append(lambda: api.delete_api(ApiId=api_id))
        yield Bare(f"{settings.aws_url}/_aws/execute-api/{api_id}/$default/hook", machines)
    finally:
        for remove in reversed(made):
            remove()


def _function(functions: Any, name: str, source: str, environment: dict[str, str]) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", source)
    made = functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=ROLE,
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=30,
        MemorySize=256,
        Environment={"Variables": environment},
    )
    arn: str = made["FunctionArn"]
    return arn


def _machine(states: Any, name: str, step: str, count: int, kind: str) -> str:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "S1",
        "States": {
            f"S{number}": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": step, "Payload": {"from": "{% $states.input %}"}},
                "Output": "{% $states.result.Payload.from %}",
                **({"Next": f"S{number + 1}"} if number < count else {"End": True}),
            }
            for number in range(1, count + 1)
        },
    }
    made = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, type=kind)
    arn: str = made["stateMachineArn"]
    return arn


def _api(api: Any, name: str, function: str) -> str:
    api_id: str = api.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
    integration = api.create_integration(
        ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    api.create_route(ApiId=api_id, RouteKey="POST /hook", Target=f"integrations/{integration}")
    api.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    return api_id
