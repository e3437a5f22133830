"""Invoking a function from inside the emulator without leaving the event loop.

MiniStack runs each invocation on a thread of its own that blocks until the handler answers. Everything that invokes
functions here awaits `execute` instead.
"""

import asyncio
import base64
import contextvars
import hashlib
import json
import os
import time
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.concurrency import run_reentrant
from ministack.core.responses import new_uuid
from ministack.services import lambda_svc

from local.emulator.functions.model import Archive, Invocation, Outcome, Recipe
from local.emulator.running import Json, running
from local.emulator.wire import dumps, encoded

DIGEST = 32
"""Characters of a digest that name the folder of an unpacked zip."""
WORKERS_VARIABLE = "STEPWEAVE_LOCAL_WORKERS"
WORKERS_TAG = "stepweave:local-workers"
"""A function that blocks on other functions says with either how many of its processes may run at once."""


def runs_here(record: Json) -> bool:
    """Whether our pools run this function: a Python zip. Anything else stays with MiniStack."""
    config = record.get("config") or record
    return (
        running.host is not None
        and bool(record.get("code_zip"))
        and str(config.get("Runtime", "")).startswith("python")
        and not (config.get("DurableConfig") or {}).get("Enabled")
    )


tenant_id: contextvars.ContextVar[str | None] = contextvars.ContextVar("tenant_id", default=None)
"""The tenant that a function with `TenancyConfig` is invoked for."""


async def execute(record: Json, event: Any) -> Json:
    """Invoke and answer as MiniStack's `_execute_function` does."""
    if not runs_here(record):
        answer: Json = await run_reentrant(lambda_svc._execute_function_with_config_scope, record, event)
        return answer
    outcome, throttled = await execute_raw(record, event)
    if throttled is not None:
        return throttled
    body = json.loads(outcome.payload)
    return {"body": body, "log": outcome.log} if outcome.ok else {"body": body, "error": True, "log": outcome.log}


async def execute_raw(record: Json, event: Any) -> tuple[Outcome, Json | None]:
    """Invoke and answer with the payload unread, or with how the invocation was throttled."""
    config = record.get("config") or record
    slot = None
    tenant = tenant_id.get() if config.get("TenancyConfig") else None
    if lambda_svc._reserved_concurrency(record, config) is not None:
        slot, _ = lambda_svc._acquire_execution_slot(record, config)
        if slot is None:
            name = config.get("FunctionName", "")
            return Outcome(False, b""), lambda_svc._throttle_response(
                reason_code="ReservedFunctionConcurrentInvocationLimitExceeded", msg=f"Rate Exceeded: {name}"
            )
    started = time.monotonic()
    invocation = Invocation(
        payload=encoded(dumps(event)),
        request_id=new_uuid(),
        arn=config.get("FunctionArn", ""),
        answer=asyncio.get_running_loop().create_future(),
        tenant=tenant,
        trace=lambda_svc._xray_trace_id_for_invocation(config),
    )
    try:
        outcome = await pool_of(record, config, tenant).invoke(invocation)
    finally:
        if slot is not None:
            lambda_svc._release_execution_slot(slot)
    duration = int((time.monotonic() - started) * 1000)
    write_log(record, invocation.request_id, outcome, duration)
    return outcome, None


def execute_from_thread(record: Json, event: Any, _request_id: str = "") -> Json:
    """Invoke from one of MiniStack's threads."""
    return running.wait(execute(record, event))


def write_log(record: Json, request_id: str, outcome: Outcome, duration: int) -> None:
    """Write the log of one invocation to CloudWatch Logs; see the correction `lambda_log_streams`."""
    token = _stream.set(outcome.stream)
    try:
        lambda_svc._emit_lambda_logs(record, request_id, outcome.log, not outcome.ok, duration)
    finally:
        _stream.reset(token)


_stream: contextvars.ContextVar[str] = contextvars.ContextVar("stream", default="")


def log_stream() -> str:
    """The log stream of the execution environment whose log is being written."""
    return _stream.get()


def pool_of(record: Json, config: Json, tenant: str | None) -> Any:
    """The pool for this version of the function, with processes of their own for each tenant."""
    assert running.host is not None  # noqa: S101 - `runs_here` has said so
    account, region = lambda_svc._account_region_from_function_config(config)
    key = (account, region, config["FunctionName"], config.get("Version", "$LATEST"), tenant or "")
    return running.host.pool(key, config.get("RevisionId", ""), lambda: recipe(record, config, account, region))


def recipe(record: Json, config: Json, account: str, region: str) -> Recipe:
    """What the function's processes are started from."""
    variables = dict((config.get("Environment") or {}).get("Variables") or {})
    layers = [layer_archive(layer) for layer in config.get("Layers") or []]
    code = record["code_zip"]
    return Recipe(
        name=config["FunctionName"],
        handler=config.get("Handler", "index.handler"),
        code=Archive(hashlib.sha256(code).hexdigest()[:DIGEST], lambda: code),
        layers=tuple(layer for layer in layers if layer),
        environment=environment(config, variables, account, region),
        timeout=float(config.get("Timeout", 3)),
        usual=workers(record, variables),
    )


def layer_archive(attached: str | Json) -> Archive | None:
    """The content of a layer that a function has, or None where the emulator has none."""
    name, version = (attached if isinstance(attached, str) else attached["Arn"]).split(":")[-2:]
    found, _ = lambda_svc._find_layer_version(name, int(version), include_deleted=True)
    digest = ((found or {}).get("Content") or {}).get("CodeSha256")
    if not digest:
        return None
    return Archive(base64.b64decode(digest).hex()[:DIGEST], lambda: lambda_svc._resolve_layer_zip(attached))


def workers(record: Json, variables: Json) -> int:
    """How many processes of this function usually run at once."""
    config = record.get("config") or record
    base = lambda_svc._functions.get(config["FunctionName"]) or record
    said = variables.get(WORKERS_VARIABLE) or (base.get("tags") or {}).get(WORKERS_TAG)
    return max(1, int(said)) if said and str(said).isdigit() else running.options.workers


def environment(config: Json, variables: Json, account: str, region: str) -> dict[str, str]:
    """The environment of a function: its own variables and those AWS sets, and nothing of the emulator's."""
    name = config["FunctionName"]
    version = f"python{config.get('Runtime', 'python').removeprefix('python')}"
    offered = {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": "/tmp",  # noqa: S108 - as on AWS, the one folder a function may count on
        # The runtime reads its settings from the variables here and never from a developer's own AWS files.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": running.options.endpoint,
        lambda_runtime.HOST_PREFIX_ENV: "true",
    }
    reserved = {
        **lambda_runtime.execution_credentials(config),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{version}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}",
        "_HANDLER": config.get("Handler", ""),
    }
    return {key: str(value) for key, value in {**offered, **variables, **reserved}.items() if value != ""}
