"""Lambda: functions run in bounded pools of warm processes, awaited instead of waited for."""

from typing import Any

from ministack.core import concurrency, lambda_runtime
from ministack.services import lambda_svc

from local.emulator import invocation
from local.emulator.functions.model import Outcome
from local.emulator.registry import correction
from local.emulator.running import Json, running


@correction
def lambda_workers() -> None:
    """Run Python functions in our pools.

    AWS: an exception leaves the environment warm and answers with the class name as `errorType`, the message and the
    stack; a function that ends its process answers `Runtime.ExitError`; the environment holds the function's own
    variables and AWS's.

    Replaces `lambda_svc._execute_function_warm` (5387), which answers `Runtime.HandlerError` for every exception, kills
    the worker, waits up to 50 ms for log lines, starts processes without bound under the emulator's interpreter and
    environment, and imports botocore into each; and the account's concurrency cap, because invocations beyond our bound
    wait.

    Delete when MiniStack bounds its workers, runs them under a chosen interpreter and reports errors by class name.
    """
    running.start_functions()
    lambda_svc._execute_function_warm = invocation.execute_from_thread
    lambda_svc._ACCOUNT_CONCURRENCY_CAP = 0


@correction
def lambda_awaited() -> None:
    """Await invocations of the Invoke API and of HTTP APIs on the loop instead of starting a thread for each.

    AWS: nothing to see; this is for speed (a thread start and two hops of the interpreter lock per invocation).

    Replaces `run_reentrant` as `lambda_svc._invoke` (3047) uses it.

    Delete when MiniStack's executors are coroutines.
    """
    original = concurrency.run_reentrant

    async def awaited(function: Any, *arguments: Any, **options: Any) -> Any:
        if function is not lambda_svc._execute_function_with_config_scope or not invocation.runs_here(arguments[0]):
            return await original(function, *arguments, **options)
        outcome, throttled = await invocation.execute_raw(*arguments)
        return throttled if throttled is not None else _unread(outcome)

    lambda_svc.run_reentrant = awaited


def _unread(outcome: Outcome) -> Json:
    answer: Json = {"body": outcome.payload.decode(), "raw_payload": True, "log": outcome.log}
    return answer if outcome.ok else {**answer, "error": True}


@correction
def lambda_websocket_workers() -> None:
    """Run the functions of WebSocket routes in our pools as well.

    AWS: a route's function is a function like any other.

    Replaces `lambda_runtime.get_or_create_worker` (1699), which `apigateway._invoke_ws_lambda` (2962) calls past the
    executor.

    Delete when MiniStack routes WebSocket messages through `_execute_function`.
    """
    original = lambda_runtime.get_or_create_worker

    class Pooled:
        def __init__(self, record: Json) -> None:
            self._record = record

        def invoke(self, event: Any, _request_id: str, **_: Any) -> Json:
            result = running.wait(invocation.execute(self._record, event))
            if result.get("error"):
                return {"status": "error", "error": "Internal server error"}
            return {"status": "ok", "result": result["body"] or {}}

    def get_or_create(name: str, config: Json, code: bytes, qualifier: str = "$LATEST") -> Any:
        base = lambda_svc._functions.get(name) or {}
        record = {**base, "config": config, "code_zip": code}
        return Pooled(record) if invocation.runs_here(record) else original(name, config, code, qualifier=qualifier)

    lambda_runtime.get_or_create_worker = get_or_create


@correction
def lambda_tenants() -> None:
    """Give each tenant execution environments of its own where a function asks for it.

    AWS: a function with `TenancyConfig` must be invoked with a tenant id, which `context.tenant_id` shows, and no
    process ever serves two tenants.

    Replaces `lambda_svc._invoke` (3047), which knows no tenants.

    Delete when MiniStack implements `TenancyConfig`.
    """
    original = lambda_svc._invoke

    async def invoke(name: str, event: Any, headers: Json, *arguments: Any, **options: Any) -> Any:
        record = lambda_svc._functions.get(name)
        if not record or not (record.get("config") or {}).get("TenancyConfig"):
            return await original(name, event, headers, *arguments, **options)
        tenant = headers.get("x-amz-tenant-id")
        if not tenant:
            message = (
                "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request."
            )
            return lambda_svc.error_response_json("InvalidParameterValueException", message, 400)
        token = invocation.tenant_id.set(tenant)
        try:
            return await original(name, event, headers, *arguments, **options)
        finally:
            invocation.tenant_id.reset(token)

    lambda_svc._invoke = invoke
