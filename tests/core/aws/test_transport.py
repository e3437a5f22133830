"""Retries, kept-open connections and addresses, against a scripted server."""

import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from stepweave.aws import Aws, AwsError, transport
from stepweave.aws.errors import AwsError as Error
from stepweave.aws.pool import Reply
from stepweave.aws.signing import Credentials
from stepweave.aws.transport import AwsConfig, Transport

Answer = tuple[int, dict[str, str], bytes] | str
"""Status, headers and body; or `close` (without an answer), `hang`."""


class Script(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: ClassVar[list[Answer]] = []
    seen: ClassVar[list[tuple[str, str, dict[str, str], bytes, int]]] = []

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.seen.append((self.command, self.path, headers, body, self.client_address[1]))
        answer = self.answers.pop(0)
        if answer == "hang":
            threading.Event().wait(1)
            answer = "close"
        if isinstance(answer, str):
            self.close_connection = True
            return
        status, more, content = answer
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET = do_PUT = answer  # noqa: N815 - names that http.server calls

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    monkeypatch.setattr(transport, "_FIRST_DELAY", 0.001)
    Script.answers, Script.seen = [], []
    made = ThreadingHTTPServer(("127.0.0.1", 0), Script)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def aws(server: ThreadingHTTPServer) -> Iterator[Aws]:
    made = Aws(AwsConfig("eu-central-1", Credentials("k", "s"), f"http://127.0.0.1:{server.server_port}"))
    yield made
    made.close()


def ok(data: Any) -> Answer:
    return 200, {}, json.dumps(data).encode()


def refusal(status: int, code: str) -> Answer:
    return status, {}, json.dumps({"__type": f"com.amazonaws#{code}", "message": "words"}).encode()


SENT = ok({"MessageId": "m"})


def send(aws: Aws) -> str:
    return aws.queues.send("http://queue", "body", group="g", deduplication="d")


@pytest.mark.parametrize("first", [refusal(503, "Unavailable"), refusal(400, "ThrottlingException"), "close"])
def test_what_a_retry_can_help_is_tried_again(aws: Aws, first: Answer) -> None:
    Script.answers += [first, SENT]
    assert send(aws) == "m"
    assert len(Script.seen) == 2
    assert Script.seen[0][3] == Script.seen[1][3]


def test_a_refusal_is_not_tried_again(aws: Aws) -> None:
    Script.answers += [refusal(400, "AccessDeniedException")]
    with pytest.raises(AwsError) as caught:
        send(aws)
    assert (caught.value.code, caught.value.message, caught.value.status) == ("AccessDeniedException", "words", 400)
    assert len(Script.seen) == 1


def test_tries_end(aws: Aws) -> None:
    Script.answers += [refusal(500, "InternalError")] * 4
    with pytest.raises(AwsError) as caught:
        send(aws)
    assert caught.value.retryable
    assert len(Script.seen) == transport.ATTEMPTS


@pytest.mark.parametrize("first", [refusal(500, "InternalError"), "close"])
def test_a_synchronous_execution_is_not_started_twice(aws: Aws, first: Answer) -> None:
    Script.answers += [first]
    with pytest.raises(AwsError):
        aws.machines.start_sync("arn", "e", "{}")
    assert len(Script.seen) == 1


def test_a_throttled_synchronous_execution_is_tried_again(aws: Aws) -> None:
    Script.answers += [refusal(400, "ThrottlingException"), ok({"status": "SUCCEEDED"})]
    assert aws.machines.start_sync("arn", "e", "{}") == {"status": "SUCCEEDED"}


@pytest.mark.parametrize("first", [refusal(500, "InternalError"), "close"])
def test_a_task_token_is_answered_once(aws: Aws, first: Answer) -> None:
    Script.answers += [first]
    with pytest.raises(AwsError):
        aws.machines.succeed("token", "{}")
    assert len(Script.seen) == 1


def test_task_tokens_are_answered_with_an_output_or_an_error(aws: Aws) -> None:
    Script.answers += [ok({}), ok({})]
    aws.machines.succeed("token", '{"a":1}')
    aws.machines.fail("token", error="Broken", cause="words")
    asked = [(headers["x-amz-target"], json.loads(body)) for _, _, headers, body, _ in Script.seen]
    assert asked == [
        ("AWSStepFunctions.SendTaskSuccess", {"taskToken": "token", "output": '{"a":1}'}),
        ("AWSStepFunctions.SendTaskFailure", {"taskToken": "token", "error": "Broken", "cause": "words"}),
    ]


def test_an_answer_that_takes_too_long_is_a_timeout(aws: Aws) -> None:
    Script.answers += ["hang"]
    with pytest.raises(AwsError) as caught:
        aws.machines.start_sync("arn", "e", "{}", timeout=0.1)
    assert caught.value.code == "RequestTimeout"
    assert caught.value.retryable


def test_connections_are_kept_open(aws: Aws) -> None:
    Script.answers += [SENT, SENT]
    send(aws)
    send(aws)
    assert Script.seen[0][4] == Script.seen[1][4]


def test_a_connection_that_the_server_closed_is_not_used_again(aws: Aws) -> None:
    Script.answers += [(200, {"connection": "close"}, b'{"MessageId": "m"}'), SENT]
    send(aws)
    send(aws)
    assert Script.seen[0][4] != Script.seen[1][4]


def test_nobody_listening_is_a_failed_connection() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    aws = Aws(AwsConfig("r", Credentials("k", "s"), f"http://127.0.0.1:{port}"))
    with pytest.raises(AwsError) as caught:
        send(aws)
    assert (caught.value.code, caught.value.retryable) == ("ConnectionFailed", True)


def test_a_broken_download_starts_again(aws: Aws) -> None:
    Script.answers += [(503, {}, b"<Error><Code>SlowDown</Code><Message>easy</Message></Error>"), (200, {}, b"abc")]
    assert aws.storage.get("b", "k") == b"abc"
    Script.answers += [(403, {}, b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")]
    with pytest.raises(AwsError) as caught:
        aws.storage.get("b", "k")
    assert (caught.value.code, caught.value.message) == ("AccessDenied", "no")


def test_an_upload_is_repeated_from_its_start(aws: Aws) -> None:
    Script.answers += [(500, {}, b""), (200, {}, b"")]
    file = io.BytesIO(b"xxabc")
    file.seek(2)
    aws.storage.put_file("b", "k", file, size=3, sha256="0" * 64, content_type="text/plain")
    assert [entry[3] for entry in Script.seen] == [b"abc", b"abc"]


def test_an_upload_needs_its_digest(aws: Aws) -> None:
    with pytest.raises(ValueError, match="body_sha256"):
        aws.storage._transport.send("s3", "PUT", "/b/k", {}, io.BytesIO(b"x"))


def test_functions_answer_raise_or_are_only_started(aws: Aws) -> None:
    Script.answers += [ok({"a": 1}), (202, {}, b"")]
    assert aws.functions.invoke("f", {"x": 1}) == {"a": 1}
    aws.functions.start("arn:aws:lambda:r:1:function:f", {})
    assert Script.seen[0][1:4:2] == ("/2015-03-31/functions/f/invocations", b'{"x":1}')
    assert Script.seen[1][1] == "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af/invocations"
    assert [entry[2]["x-amz-invocation-type"] for entry in Script.seen] == ["RequestResponse", "Event"]
    raised = json.dumps({"errorType": "KeyError", "errorMessage": "'x'"}).encode()
    Script.answers += [(200, {"x-amz-function-error": "Unhandled"}, raised)]
    with pytest.raises(AwsError, match="FunctionError: KeyError: 'x'"):
        aws.functions.invoke("f", {})


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, {"x-amzn-errortype": "ValidationException:http://x"}, b"{}"), "ValidationException"),
        ((404, {}, b"not found"), "Http404"),
        ((404, {}, b"{broken"), "Http404"),
    ],
)
def test_error_codes_are_read_wherever_a_service_puts_them(aws: Aws, answer: Answer, code: str) -> None:
    Script.answers += [answer]
    with pytest.raises(AwsError) as caught:
        send(aws)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("call", "url"),
    [
        (
            lambda aws: aws.queues.send("q", "b", group="g", deduplication="d"),
            "https://sqs.eu-central-1.amazonaws.com/",
        ),
        (lambda aws: aws.storage.get("b", "a/ü"), "https://b.s3.eu-central-1.amazonaws.com/a/%C3%BC"),
        (lambda aws: aws.machines.describe("arn"), "https://states.eu-central-1.amazonaws.com/"),
        (lambda aws: aws.machines.start_sync("arn", "n", "{}"), "https://sync-states.eu-central-1.amazonaws.com/"),
    ],
)
def test_addresses_on_aws_itself(call: Callable[[Aws], Any], url: str) -> None:
    class Pool:
        urls: ClassVar[list[str]] = []

        def request(self, method: str, url: Any, *args: Any, **kwargs: Any) -> Reply:
            self.urls.append(url.geturl())
            return Reply(200, {}, b'{"MessageId": "m"}')

    aws = Aws(AwsConfig("eu-central-1", Credentials("k", "s")))
    aws._transport = Transport(aws._transport.config, Pool())  # type: ignore[arg-type]
    call(aws)
    assert Pool.urls == [url]


def test_every_throttle_is_retryable() -> None:
    assert Error.answered("SlowDown", "", 400).retryable
    assert Error.answered("X", "", 429).retryable
    assert not Error.answered("X", "", 404).retryable


def test_the_workers_clients_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Aws.shared.cache_clear()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.setenv(name, "x")
    assert Aws.shared() is Aws.shared()
    Aws.shared.cache_clear()
