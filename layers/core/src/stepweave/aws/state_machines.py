"""Step Functions: start, describe and stop executions, answer task tokens."""

from typing import Any

from stepweave.aws.transport import Transport

SYNC_SECONDS = 305.0
"""How long to wait for a synchronous execution: Express executions end after five minutes."""


class StateMachines:
    """Executions of state machines."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(self, machine_arn: str, name: str, input: str) -> str:
        """Start an execution and return its ARN. For Standard machines a second start with the same name does nothing.

        Args:
            machine_arn: of the machine, a version or an alias.
            name: the execution's name, at most 80 characters.
            input: JSON text, at most 256 KiB.

        Raises:
            AwsError: `ExecutionAlreadyExists`, `StateMachineDoesNotExist`, ...
        """
        answer = self._call("StartExecution", {"stateMachineArn": machine_arn, "name": name, "input": input})
        return str(answer["executionArn"])

    def start_sync(self, machine_arn: str, name: str, input: str, *, timeout: float = SYNC_SECONDS) -> dict[str, Any]:
        """Run an Express execution and return its end: `status`, `output` (text), `error`, `cause`.

        Not repeated when the connection breaks, as it may be running.

        Args:
            machine_arn: as in `start`.
            name: as in `start`.
            input: as in `start`.
            timeout: seconds to wait.

        Raises:
            AwsError: `RequestTimeout` when the answer took longer; else as the service says.
        """
        return self._transport.call(
            "states",
            "AWSStepFunctions.StartSyncExecution",
            {"stateMachineArn": machine_arn, "name": name, "input": input},
            host=f"sync-states.{self._transport.config.region}.amazonaws.com",
            timeout=timeout,
            repeatable=False,
        )

    def describe(self, execution_arn: str) -> dict[str, Any]:
        """Return a Standard execution's `status`, `output`, `error`, `cause`, `stopDate`.

        Raises:
            AwsError: `ExecutionDoesNotExist`, ...
        """
        return self._call("DescribeExecution", {"executionArn": execution_arn})

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        """Abort a Standard execution.

        Raises:
            AwsError: `ExecutionDoesNotExist`, ...
        """
        self._call("StopExecution", {"executionArn": execution_arn, "error": error, "cause": cause})

    def succeed(self, token: str, output: str) -> None:
        """End a Task that waits for its token. Not repeated when the connection breaks: the token is good once.

        Args:
            token: the task token.
            output: JSON text, at most 256 KiB.

        Raises:
            AwsError: `TaskTimedOut`, `TaskDoesNotExist` and `InvalidToken` where nothing waits for it any more.
        """
        self._answer("SendTaskSuccess", {"taskToken": token, "output": output})

    def fail(self, token: str, *, error: str, cause: str) -> None:
        """Fail a Task that waits for its token. Not repeated, and errors, as `succeed`."""
        self._answer("SendTaskFailure", {"taskToken": token, "error": error, "cause": cause})

    def _answer(self, action: str, request: dict[str, Any]) -> None:
        self._transport.call("states", f"AWSStepFunctions.{action}", request, repeatable=False)

    def _call(self, action: str, request: dict[str, Any]) -> dict[str, Any]:
        return self._transport.call("states", f"AWSStepFunctions.{action}", request)
