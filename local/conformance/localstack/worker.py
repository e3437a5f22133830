"""A Lambda environment as a process: imports the handler, then answers invocations from stdin, a line of JSON each.

Standard library only: it runs with the functions' interpreter. What the function prints goes to its log, not to its
answers.
"""

import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from typing import Any


class Context:
    """Lambda's context object, as far as functions here ask for it."""

    identity = client_context = None

    def __init__(self, request: dict[str, Any]) -> None:
        self._ends = time.time() + request["timeout"]
        self.aws_request_id = request["invoke-id"]
        self.invoked_function_arn = request["invoked-function-arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left."""
        return max(0, int((self._ends - time.time()) * 1000))


def main() -> None:
    """Answer until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process lives
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    try:
        module, _, name = os.environ["_HANDLER"].rpartition(".")
        function = getattr(importlib.import_module(module.replace("/", ".")), name)
    except BaseException as error:
        payload = json.dumps({"errorType": "Runtime.ImportModuleError", "errorMessage": str(error)})
        answers.write(json.dumps({"payload": payload}) + "\n")
        return
    answers.write('{"ready": true}\n')
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps({**_answer(function, request), "logs": _read(log)}) + "\n")


def _answer(function: Any, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {
            "failed": False,
            "payload": json.dumps(function(json.loads(request["payload"] or "{}"), Context(request))),
        }
    except Exception as error:
        told = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": request["invoke-id"],
            "stackTrace": traceback.format_tb(error.__traceback__)[1:],
        }
        return {"failed": True, "payload": json.dumps(told)}


def _read(log: Any) -> str:
    sys.stdout.flush()
    sys.stderr.flush()
    log.seek(0)
    text: bytes = log.read()
    log.seek(0)
    log.truncate()
    return text.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
