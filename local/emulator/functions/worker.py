"""One Lambda execution environment: loads a handler and calls it for each frame that arrives.

Runs under the functions' interpreter, as a script or forked from `parent`, so it imports only what every Python has and
as little as it can: its imports are part of every cold start. A frame is four bytes of length, a line of JSON (what is
asked, or how it went) and the payload as it travels, so that nobody on the way has to take it apart. The handler's
prints go to the ordinary output.
"""

import _thread
import json
import os
import sys
import time
from itertools import islice
from typing import Any

RESPONSE_LIMIT = 6_291_556
"""AWS: a synchronous answer holds 6 MB; beyond it the invocation fails with Function.ResponseSizeTooLarge."""


class CognitoIdentity:
    """What `context.identity` is on AWS when no Cognito identity called."""

    cognito_identity_id = None
    cognito_identity_pool_id = None


class LambdaContext:
    """The second argument of a handler."""

    client_context = None
    identity = CognitoIdentity()

    def __init__(self, request: dict[str, Any]) -> None:
        environ = os.environ
        self.function_name = environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.aws_request_id = request["id"]
        self.invoked_function_arn = request["arn"]
        self.tenant_id = request.get("tenant")
        self._deadline = request["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation times out."""
        return max(0, int((self._deadline - time.time()) * 1000))


def read_exactly(fd: int, size: int) -> bytes:
    """Read `size` bytes; empty when the other side is gone."""
    chunks = []
    while size:
        chunk = os.read(fd, min(size, 1 << 20))
        if not chunk:
            return b""
        chunks.append(chunk)
        size -= len(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def read_frame(fd: int) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None when the emulator has closed the channel."""
    size = read_exactly(fd, 4)
    if not size:
        return None
    frame = read_exactly(fd, int.from_bytes(size, "big"))
    if not frame:
        return None
    head, _, payload = frame.partition(b"\n")
    return json.loads(head), payload


def write_frame(fd: int, head: dict[str, Any], payload: bytes) -> None:
    """Send one frame."""
    line = json.dumps(head).encode()
    frame = memoryview((len(line) + 1 + len(payload)).to_bytes(4, "big") + line + b"\n" + payload)
    while frame:
        frame = frame[os.write(fd, frame) :]


def end_with_emulator(lifeline: int) -> None:
    """Wait until the emulator is gone in whatever way, then end this process and everything it started."""
    try:
        while os.read(lifeline, 1):
            pass
    finally:
        try:
            os.killpg(0, 9)
        finally:
            os._exit(1)


def failure(error: BaseException, error_type: str = "", message: str = "", request_id: str = "") -> bytes:
    """The error payload AWS answers with; the frames of this file are left out of its stack trace."""
    import traceback

    stack = [line for line in traceback.format_tb(error.__traceback__) if __file__ not in line]
    body = {
        "errorMessage": message or str(error),
        "errorType": error_type or type(error).__name__,
        "requestId": request_id,
        "stackTrace": stack,
    }
    print(f"[ERROR] {body['errorType']}: {body['errorMessage']}\nTraceback (most recent call last):\n" + "".join(stack))
    return json.dumps(body).encode()


def layer_paths(layers: list[str]) -> list[str]:
    """Where modules of layers lie, the last layer first."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    path = []
    for layer in reversed(layers):
        path += [f"{layer}/python/lib/{version}/site-packages", f"{layer}/python"]
    return [entry for entry in path if os.path.isdir(entry)]  # noqa: PTH112 - pathlib costs 10 ms to import


def load_handler(code: str, layers: list[str], handler: str) -> Any:
    """Import the handler with the function's code first on the path, then its layers, unless they are there already."""
    sys.path[:0] = [path for path in (code, *layer_paths(layers)) if path not in sys.path]
    module_name, _, function = handler.replace("/", ".").rpartition(".")
    module = __import__(module_name, fromlist=[function])
    return getattr(module, function)


class News:
    """Which modules this process has imported that its parent had not, and where each of them lies.

    A place is a number: 0 the interpreter, 1 the first layer, and so on, the last the function's own code. Looked at is
    only what was added at the end of `sys.modules`: whoever looks at a name writes into its page (its references are
    counted there), and has it for itself from then on; at 1,000 modules 2.3 MB of what the parent shares.
    """

    def __init__(self, code: str, layers: list[str], wanted: bool) -> None:
        self._interpreter = (sys.prefix, sys.base_prefix, "built-in", "frozen")
        self._places = [f"{place}/" for place in (*layers, code)]
        self._wanted = wanted
        self._count = len(sys.modules)

    def take(self) -> dict[str, dict[str, int]]:
        """What is new since the last time, in the order of import; nothing where nobody wants to know."""
        grown = len(sys.modules) - self._count
        self._count += grown
        if not self._wanted or grown <= 0:
            return {}
        names = list(islice(reversed(sys.modules), grown))  # at once: another thread may import meanwhile
        places = {name: self._place(name) for name in reversed(names)}
        found = {name: place for name, place in places.items() if place is not None}
        return {"modules": found} if found else {}

    def _place(self, name: str) -> int | None:
        origin = str(getattr(getattr(sys.modules.get(name), "__spec__", None), "origin", None))
        for number, place in enumerate(self._places, 1):
            if origin.startswith(place):
                return number
        return 0 if origin.startswith(self._interpreter) else None


def initialise(fd: int, init: dict[str, Any], news: News) -> Any:
    """Load the handler and say so, or report why not under the names AWS gives these failures."""
    handler = init["handler"]
    module, _, function = handler.rpartition(".")
    try:
        found = load_handler(init["code"], init["layers"], handler)
    except SyntaxError as error:
        problem = failure(error, "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}")
    except ImportError as error:
        problem = failure(error, "Runtime.ImportModuleError", f"Unable to import module '{module}': {error}")
    except AttributeError as error:
        named = error.name == function
        message = f"Handler '{function}' missing on module '{module}'" if named else ""
        problem = failure(error, "Runtime.HandlerNotFound" if named else "", message)
    except Exception as error:
        problem = failure(error)
    else:
        write_frame(fd, {"status": "ready", **news.take()}, b"")
        return found
    sys.stdout.flush()
    write_frame(fd, {"status": "init"}, problem)
    return None


def invoke(handler: Any, request: dict[str, Any], payload: bytes) -> tuple[str, bytes]:
    """Call the handler; an exception is an answer like any other and leaves the environment warm."""
    request_id = request["id"]
    if request.get("trace"):
        os.environ["_X_AMZN_TRACE_ID"] = request["trace"]
    try:
        result = handler(json.loads(payload), LambdaContext(request))
    except Exception as error:
        return "error", failure(error, request_id=request_id)
    try:
        answer = json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()
    except Exception as error:
        return "error", failure(error, "Runtime.MarshalError", f"Unable to marshal response: {error}", request_id)
    if len(answer) > RESPONSE_LIMIT:
        size = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
        return "error", json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": size}).encode()
    return "ok", answer


def serve(fd: int, lifeline: int) -> None:
    """Serve invocations until the emulator closes the channel."""
    _thread.start_new_thread(end_with_emulator, (lifeline,))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    first = read_frame(fd)
    if first is None:
        return
    init = first[0]
    news = News(init["code"], init["layers"], init["news"])
    handler = initialise(fd, init, news)
    while handler is not None:
        frame = read_frame(fd)
        if frame is None:
            return
        status, answer = invoke(handler, *frame)
        sys.stdout.flush()
        write_frame(fd, {"status": status, **news.take()}, answer)


def main() -> None:
    """Serve as a script: `worker.py CHANNEL LIFELINE`."""
    fd, lifeline = int(sys.argv[1]), int(sys.argv[2])
    os.set_inheritable(fd, False)
    os.set_inheritable(lifeline, False)
    del sys.path[0]  # the folder of this script, which is not the function's business
    serve(fd, lifeline)


if __name__ == "__main__":
    main()
