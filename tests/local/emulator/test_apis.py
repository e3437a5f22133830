"""HTTP and WebSocket APIs."""

import base64
import http.client
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from local import aws
from tests.local.emulator.support import Emulator, eventually, messages


def http_api(emulator: Emulator, function: str, stage: str = "$default", **integration: Any) -> str:
    """An HTTP API that gives everything to one function; the path it is reached at."""
    gateway = emulator.client("apigatewayv2")
    api = gateway.create_api(Name=uuid.uuid4().hex, ProtocolType="HTTP")["ApiId"]
    made = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0", **integration
    )
    gateway.create_route(ApiId=api, RouteKey="ANY /{path+}", Target=f"integrations/{made['IntegrationId']}")
    gateway.create_stage(ApiId=api, StageName=stage, AutoDeploy=True)
    return f"/_aws/execute-api/{api}/{stage}"


def request(
    emulator: Emulator, path: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=60)
    try:
        connection.request(
            method, path, body, headers or {}, encode_chunked=body is not None and not isinstance(body, bytes | str)
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


ECHO = "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(event)}"


@pytest.mark.corrects("http_api_options")
def test_options_reach_the_routes_of_an_api_without_cors(emulator: Emulator) -> None:
    base = http_api(emulator, emulator.function(ECHO))
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    status, _, body = request(emulator, f"{base}/a", "OPTIONS", headers=asked)
    event = json.loads(body)
    assert (status, event["requestContext"]["http"]["method"], event["rawPath"]) == (200, "OPTIONS", "/a")


def test_a_text_that_is_no_utf_8_arrives_whole(emulator: Emulator) -> None:
    base = http_api(emulator, emulator.function(ECHO))
    _, _, body = request(emulator, f"{base}/a", "POST", b"Z\xfcrich", {"Content-Type": "text/plain"})
    event = json.loads(body)
    assert (event["isBase64Encoded"], base64.b64decode(event["body"])) == (True, b"Z\xfcrich")


@pytest.mark.corrects("http_api_payload")
def test_a_request_arrives_in_payload_format_2(emulator: Emulator) -> None:
    base = http_api(emulator, emulator.function(ECHO))
    status, _, body = request(
        emulator, f"{base}/a/b?x=1&x=2", "POST", '{"n": 1}', {"Content-Type": "application/json", "Cookie": "a=1; b=2"}
    )
    event = json.loads(body)
    assert status == 200
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert (event["rawPath"], event["rawQueryString"]) == ("/a/b", "x=1&x=2")
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["pathParameters"] == {"path": "a/b"}
    assert (event["body"], event["isBase64Encoded"]) == ('{"n": 1}', False)
    assert event["requestContext"]["http"]["method"] == "POST"


@pytest.mark.corrects("http_api_payload")
def test_the_path_begins_with_a_named_stage(emulator: Emulator) -> None:
    base = http_api(emulator, emulator.function(ECHO), "dev")
    assert json.loads(request(emulator, f"{base}/a")[2])["rawPath"] == "/dev/a"


def test_an_answer_sets_cookies_and_may_be_binary(emulator: Emulator) -> None:
    code = """
def handler(event, context):
    return {"statusCode": 201, "cookies": ["a=1", "b=2"], "headers": {"content-type": "image/png"},
            "body": "AAEC", "isBase64Encoded": True}
"""
    status, headers, body = request(emulator, http_api(emulator, emulator.function(code)) + "/x")
    assert (status, headers["content-type"], headers.get_all("set-cookie"), body) == (
        201,
        "image/png",
        ["a=1", "b=2"],
        b"\0\1\2",
    )


@pytest.mark.corrects("http_api_payload")
def test_a_function_that_fails_is_500_and_tells_nothing(emulator: Emulator) -> None:
    base = http_api(emulator, emulator.function("def handler(event, context):\n    raise ValueError('secret')"))
    status, _, body = request(emulator, f"{base}/x")
    assert (status, json.loads(body)) == (500, {"message": "Internal Server Error"})


@pytest.mark.corrects("http_api_payload")
def test_a_function_that_takes_too_long_is_503(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    import time; time.sleep(20)")
    status, _, _ = request(emulator, http_api(emulator, function, TimeoutInMillis=100) + "/x")
    assert status == 503


def test_bodies_of_any_framing_arrive_whole(emulator: Emulator) -> None:
    code = """
import base64
def handler(event, context):
    return {"statusCode": 200, "body": str(len(base64.b64decode(event["body"])))}
"""
    base = http_api(emulator, emulator.function(code))
    assert request(emulator, f"{base}/x", "POST", iter([b"a" * 70_000, b"b", b"c" * 9]))[2] == b"70010"
    assert request(emulator, f"{base}/x", "POST", b"a" * 3_000_000)[2] == b"3000000"


def test_one_connection_serves_many_requests(emulator: Emulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port)
    for method, path, status in (
        ("GET", "/_ministack/health", 200),
        ("HEAD", "/nothing-here", 404),
        ("GET", "/_ministack/health", 200),
    ):
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    connection.close()


def test_the_emulator_listens_on_the_loopback_interface_only(emulator: Emulator) -> None:
    with Path("/proc/net/tcp").open() as table:
        listening = [line.split()[1] for line in table.readlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in listening if int(address.split(":")[1], 16) == emulator.port] == [
        f"0100007F:{emulator.port:04X}"
    ]


CONNECTIONS = """
import boto3, json, os
def handler(event, context):
    context = event["requestContext"]
    sqs = boto3.client("sqs")
    user = (context.get("authorizer") or {}).get("user")
    told = {"route": context["routeKey"], "id": context["connectionId"], "user": user,
            "query": event.get("queryStringParameters"), "body": event.get("body")}
    sqs.send_message(QueueUrl=os.environ["REPORT"], MessageBody=json.dumps(told))
    return {"statusCode": 200}
"""
AUTHORIZER = """
def handler(event, context):
    allowed = event["queryStringParameters"].get("ticket") == "good"
    effect = "Allow" if allowed else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "u", "policyDocument": policy, "context": {"user": "ada"}}
"""


class Live:
    """A WebSocket API whose routes report to a queue."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.report, _ = emulator.queue()
        self.told: list[Any] = []
        function = emulator.function(CONNECTIONS, Environment={"Variables": {"REPORT": self.report}})
        authorizer = emulator.function(AUTHORIZER)
        gateway = emulator.client("apigatewayv2")
        self.api = api = gateway.create_api(
            Name=uuid.uuid4().hex, ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
        )["ApiId"]
        uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=uri.format(function)
        )
        gate = gateway.create_authorizer(
            ApiId=api,
            AuthorizerType="REQUEST",
            Name="ticket",
            AuthorizerUri=uri.format(authorizer),
            IdentitySource=["route.request.querystring.ticket"],
        )
        for route in ("$connect", "$disconnect", "$default", "subscribe"):
            more = {"AuthorizationType": "CUSTOM", "AuthorizerId": gate["AuthorizerId"]} if route == "$connect" else {}
            gateway.create_route(
                ApiId=api, RouteKey=route, Target=f"integrations/{integration['IntegrationId']}", **more
            )
        gateway.create_stage(ApiId=api, StageName="live", AutoDeploy=True)
        self.path = f"/_aws/execute-api/{api}/live"

    def connect(self, ticket: str = "good") -> ClientConnection:
        query = f"?ticket={ticket}" if ticket else ""
        return connect(f"ws://127.0.0.1:{self.emulator.port}{self.path}{query}")

    def event(self, route: str) -> Any:
        """The report of a route, in whatever order reports come."""

        def find() -> Any:
            known = [told for told in self.told if told["route"] == route]
            if not known:
                self.told += [json.loads(body) for body in messages(self.emulator, self.report)]
            return known and known[0]

        return eventually(find)

    def management(self) -> Any:
        return aws.client("apigatewaymanagementapi", self.emulator.endpoint + self.path)


@pytest.fixture
def live(emulator: Emulator) -> Live:
    return Live(emulator)


@pytest.mark.corrects("lambda_websocket_workers")
def test_a_connection_lives_from_connect_to_disconnect(live: Live) -> None:
    with live.connect() as socket:
        connected = live.event("$connect")
        assert (connected["user"], connected["query"]) == ("ada", {"ticket": "good"})
        socket.send(json.dumps({"action": "subscribe", "to": 1}))
        assert json.loads(live.event("subscribe")["body"]) == {"action": "subscribe", "to": 1}
        socket.send("anything")
        assert live.event("$default")["body"] == "anything"
    assert live.event("$disconnect")["id"] == connected["id"]


@pytest.mark.parametrize("ticket", ["bad", ""])
def test_without_a_good_ticket_there_is_no_connection(live: Live, ticket: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        live.connect(ticket)
    assert refused.value.response.status_code in (401, 403)


def test_a_function_posts_to_connections_and_closes_them(live: Live) -> None:
    management = live.management()
    with live.connect() as socket:
        connection = live.event("$connect")["id"]
        for number in range(50):
            management.post_to_connection(ConnectionId=connection, Data=json.dumps({"n": number}).encode())
        assert [json.loads(socket.recv(timeout=20)) for _ in range(50)] == [{"n": number} for number in range(50)]
        management.delete_connection(ConnectionId=connection)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
    with pytest.raises(management.exceptions.GoneException):
        management.post_to_connection(ConnectionId=connection, Data=b"late")
    management.close()


def test_a_large_message_arrives_whole(live: Live) -> None:
    with live.connect() as socket:
        connection = live.event("$connect")["id"]
        live.management().post_to_connection(ConnectionId=connection, Data=b"x" * 120_000)
        assert socket.recv(timeout=20) == "x" * 120_000


@pytest.mark.corrects("cloudformation_resources")
def test_the_one_stack_of_a_machine_may_hold_more_than_500_resources(emulator: Emulator) -> None:
    properties = {"Type": "String", "Value": "x"}
    resources = {f"P{number}": {"Type": "AWS::SSM::Parameter", "Properties": properties} for number in range(501)}
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(StackName="many", TemplateBody=json.dumps({"Resources": resources}))
    ended = ("CREATE_COMPLETE", "ROLLBACK_COMPLETE")
    found = eventually(lambda: [one for one in _stacks(cloudformation) if one["StackStatus"] in ended])
    assert [one["StackStatus"] for one in found] == ["CREATE_COMPLETE"]


def _stacks(cloudformation: Any) -> list[Any]:
    found: list[Any] = cloudformation.describe_stacks(StackName="many")["Stacks"]
    return found
