"""HTTP APIs: payload format 2.0, awaited on the loop."""

import asyncio
import base64
import json
import time
from typing import Any

from ministack.core.responses import get_account_id, new_uuid
from ministack.services import apigateway, lambda_svc

from local.emulator import invocation
from local.emulator.registry import correction
from local.emulator.running import Json

INTEGRATION_SECONDS = 30.0
CONNECTED = "127.0.0.1"
"""Who connects here: the emulator listens on this machine only."""
JSON_HEADERS = {"Content-Type": "application/json"}


@correction
def http_api_payload() -> None:
    """Call functions of HTTP APIs with AWS's payload 2.0 and answer as AWS does.

    AWS: the address that connected is `sourceIp`, and behind what came in X-Forwarded-For; cookies come in `cookies`
    and not in `headers`; `rawPath` begins with the stage unless it is `$default`; a function that fails is 500
    `Internal Server Error`; one that has not answered after the integration's timeout, at most 30 s, is 503.

    Replaces `apigateway._invoke_lambda_proxy` (1626): no cookies, no stage in the path, 502 with the function's error
    in the body, no timeout, a thread per request.

    Delete when MiniStack does these.
    """
    apigateway._invoke_lambda_proxy = invoke


@correction
def http_api_options() -> None:
    """Let OPTIONS reach the routes of an HTTP API that has no CORS configuration, as AWS does.

    AWS: preflights are answered by the gateway only where the API has one (developer guide, "Configuring CORS for HTTP
    APIs"); elsewhere they go to the routes.

    Replaces, by wrapping it, `apigateway._handle_execute_in_scope` (1353), which answers every OPTIONS with 403 there.
    The method goes on in lower case, which its check does not take, and routes for `ANY` do; `payload` writes it large
    again.

    Delete when MiniStack asks the routes.
    """
    original = apigateway._handle_execute_in_scope

    def routed(api_id: str, stage: str, path: str, method: str, *rest: Any) -> Any:
        asks = method == "OPTIONS" and not (apigateway._apis.get(api_id) or {}).get("corsConfiguration")
        return original(api_id, stage, path, "options" if asks else method, *rest)

    apigateway._handle_execute_in_scope = routed


async def invoke(
    integration: Json,
    api_id: str,
    stage: str,
    path: str,
    method: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, list[str]],
    route_key: str = "$default",
    path_parameters: Json | None = None,
    *,
    authorizer_claims: Json | None = None,
    authorizer_scopes: Any = None,
    authorizer_lambda_context: Json | None = None,
    authorizer_iam: Json | None = None,
    owner_account_id: str | None = None,
    owner_region: str | None = None,
    raw_query_string: str | None = None,
) -> tuple[int, Json, bytes]:
    """Answer one request."""
    reference = apigateway._extract_lambda_ref_from_integration_uri(integration.get("integrationUri", ""))
    record, config, _ = lambda_svc._get_func_record_for_ref_in_scope(
        reference, account_id=owner_account_id, region=owner_region
    )
    if record is None or config is None:
        return failure(500, "Internal Server Error")
    event = payload(api_id, stage, path, method, headers, body, query, route_key, path_parameters, raw_query_string)
    if authorizer_claims is not None:
        claims = {name: apigateway._jwt_claim_to_string(value) for name, value in authorizer_claims.items()}
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": authorizer_scopes or None}}
    elif authorizer_lambda_context is not None:
        event["requestContext"]["authorizer"] = {"lambda": authorizer_lambda_context}
    elif authorizer_iam is not None:
        event["requestContext"]["authorizer"] = {"iam": authorizer_iam}
    seconds = min(float(integration.get("timeoutInMillis") or 30_000) / 1000, INTEGRATION_SECONDS)
    try:
        async with asyncio.timeout(seconds):
            result = await invocation.execute(lambda_svc._execution_record_for_config(record, config), event)
    except TimeoutError:
        return failure(503, "Service Unavailable")
    if result.get("throttle"):
        return failure(503, "Service Unavailable")
    if result.get("error"):
        return failure(500, "Internal Server Error")
    return answer(result["body"])


def payload(
    api_id: str,
    stage: str,
    path: str,
    method: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, list[str]],
    route_key: str,
    path_parameters: Json | None,
    raw_query_string: str | None,
) -> Json:
    """The event of payload format 2.0."""
    whole_path = path if stage == "$default" else f"/{stage}{path}"
    host = headers.get("host", "")
    now = time.time()
    event: Json = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": whole_path,
        "rawQueryString": apigateway._raw_query_string(query, raw_query_string),
        "headers": {name: value for name, value in headers.items() if name != "cookie"} | _forwarded(headers),
        "requestContext": {
            "accountId": get_account_id(),
            "apiId": api_id,
            "domainName": f"{api_id}.execute-api.{apigateway._HOST}",
            "domainPrefix": api_id,
            "http": {
                "method": method.upper(),
                "path": whole_path,
                "protocol": "HTTP/1.1",
                "sourceIp": CONNECTED,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": new_uuid(),
            "routeKey": route_key,
            "stage": stage,
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    event["headers"].setdefault("host", host)
    if "cookie" in headers:
        event["cookies"] = [cookie.strip() for cookie in headers["cookie"].split(";")]
    if query:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in query.items()}
    if path_parameters:
        event["pathParameters"] = path_parameters
    if variables := apigateway._get_stage_variables(api_id, stage):
        event["stageVariables"] = variables
    if body:
        text = apigateway._v2_request_body_is_text(headers.get("content-type")) and _is_utf_8(body)
        event["body"] = body.decode() if text else base64.b64encode(body).decode()
        event["isBase64Encoded"] = not text
    return event


def _forwarded(headers: dict[str, str]) -> dict[str, str]:
    """Return X-Forwarded-For as API Gateway passes it on: with the address that connected behind what came."""
    came = headers.get("x-forwarded-for", "")
    return {"x-forwarded-for": f"{came}, {CONNECTED}" if came else CONNECTED}


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def answer(result: Any) -> tuple[int, Json, bytes]:
    """The response a function's result stands for: its own, or its value as JSON when it has no status."""
    if not isinstance(result, dict) or "statusCode" not in result:
        text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
        return 200, dict(JSON_HEADERS), text.encode()
    headers: Json = {}
    for name, value in (result.get("headers") or {}).items():
        headers[name] = value if isinstance(value, list) else str(value)
    named = {name.lower(): name for name in headers}
    if "content-type" not in named:
        headers["Content-Type"] = "text/plain;charset=UTF-8"
    if result.get("cookies"):
        own = headers.pop(named["set-cookie"]) if "set-cookie" in named else []
        headers["Set-Cookie"] = [*result["cookies"], *([own] if isinstance(own, str) else own)]
    body = result.get("body") or ""
    if not isinstance(body, str):
        body = json.dumps(body, ensure_ascii=False)
    try:
        return (
            int(result["statusCode"]),
            headers,
            base64.b64decode(body) if result.get("isBase64Encoded") else body.encode(),
        )
    except (ValueError, TypeError):
        return failure(500, "Internal Server Error")


def failure(status: int, message: str) -> tuple[int, Json, bytes]:
    """An answer of API Gateway's own."""
    return status, dict(JSON_HEADERS), json.dumps({"message": message}).encode()
