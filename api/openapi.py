"""Writes docs/reference/openapi.json, or with `--check` says whether it is current.

python -m api.openapi [--check]

FastAPI knows paths, parameters and schemas. Added here: every refusal of each operation under its status, with its code
and an example, and examples of bodies and answers. Examples are what the API's tests got (docs/reference/examples.json,
which `python -m tests.api.examples` records).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fastapi.routing import APIRoute

from api import codes, errors
from api.app import PREFIX, ROUTERS, create_app
from api.describing import describe
from api.permissions import KEYS_MAY, Permission
from api.refusals import Code
from api.refusing import KEY
from api.schemas.base import Problems

REFERENCE: Final = Path(__file__).parent.parent / "docs" / "reference"
PATH: Final = REFERENCE / "openapi.json"
EXAMPLES: Final = REFERENCE / "examples.json"
JSON: Final = "application/json"
PERMISSION: Final = "x-permission"
"""Where an operation says which permission its caller needs (`api.permissions`); those without need no token."""
WITHOUT_DATABASE: Final = frozenset(
    ("getHealth", "getReady", "listNodeTypes", "previewFires", "createLiveTicket", "validateWorkflow")
)
"""Operations that go on when Postgres does not answer."""
CATALOGUE: Final = "listNodeTypes"
"""Answers with the catalogue: its example is an excerpt of docs/reference/catalog.json, which is current by itself."""
_KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "title": "Idempotency-Key"},
    "description": (
        "A text of your own, such as a UUID. The same request with the same key counts once within a day: sent again, "
        "it gets the first one's answer, with `Idempotent-Replayed: true`."
    ),
}
_NOTHING: Final = "It is done; there is nothing to say."


def document() -> str:
    """Return the OpenAPI document as JSON text."""
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}
    return json.dumps(complete(examples), indent=1, ensure_ascii=False) + "\n"


def complete(examples: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI document with all refusals, and with the examples that are given."""
    whole = create_app().openapi()
    schemas = whole["components"]["schemas"]
    schemas[Problems.__name__] = Problems.model_json_schema()
    describe(schemas)
    told = {**examples.get("operations", {}), CATALOGUE: {"answer": _excerpt()}}
    used: set[str] = set()
    for route, operation in _operations(whole):
        found = _refusals(route, operation)
        if codes.IDEMPOTENCY_KEY_REUSED in found:
            operation.setdefault("parameters", []).append(dict(_KEY_PARAMETER))
        used |= {code.name for code in found}
        for status, response in list(operation["responses"].items()):
            if "HTTPValidationError" in str(response):
                del operation["responses"][status]  # FastAPI's own; this API answers with problems
            else:
                response["description"] = _about(response, schemas)
        own = _responses(found)
        operation["responses"] |= {status: own[status] for status in sorted(own)}
        _exemplify(operation, told)
    _drop_unused(schemas)
    refusals = examples.get("refusals", {})
    whole["components"]["examples"] = {
        name: {"summary": codes.ALL[name].meaning, "value": refusals[name]["answer"]}
        for name in sorted(used)
        if name in refusals
    }
    return whole


def _operations(whole: dict[str, Any]) -> Iterator[tuple[APIRoute, dict[str, Any]]]:
    for route in (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)):
        # A page for people is none of the document's.
        for method in route.methods or () if route.include_in_schema else ():
            yield route, whole["paths"][f"{PREFIX}{route.path}"][method.lower()]


def _refusals(route: APIRoute, operation: dict[str, Any]) -> list[Code]:
    """Return what a route refuses: what all like it do, and what it names itself."""
    found = [codes.BAD_REQUEST, codes.INTERNAL_ERROR, codes.TOO_MANY_REQUESTS]
    needs = [getattr(needed.call, "permission", None) for needed in route.dependant.dependencies]
    needed = [permission for permission in needs if permission is not None]
    if needed:
        operation[PERMISSION] = needed[0].value
        found += [codes.NOT_LOGGED_IN, codes.TOKEN_EXPIRED, codes.TOKEN_INVALID, codes.SESSION_EXPIRED]
    keyless = operation["operationId"] in KEYS_MAY and needed == [Permission.SELF]
    if needed and not keyless:  # an API key may lack any permission
        found.append(codes.NOT_ALLOWED)
    if needed and not any(getattr(one.call, "while_held", False) for one in route.dependant.dependencies):
        found += [codes.SECOND_FACTOR_REQUIRED, codes.PROVIDER_ONLY]
    if "requestBody" in operation:
        found += [codes.INVALID_JSON, codes.TOO_LARGE, codes.UNSUPPORTED_TYPE]
    if _is_repeatable(route, needed):
        found += [codes.IDEMPOTENCY_KEY_REUSED, codes.IDEMPOTENCY_KEY_IN_USE, codes.REDIS_UNAVAILABLE]
    if "requestBody" in operation or any(one["in"] != "cookie" for one in operation.get("parameters", ())):
        found.append(codes.INVALID_REQUEST)
    without = operation["operationId"] in WITHOUT_DATABASE
    if needed and not without and not (route.methods or set()) & {"GET", "DELETE"}:
        found.append(codes.QUOTA_REACHED)
    if needed or not without:
        found.append(codes.DATABASE_UNAVAILABLE)
    return [*found, *(codes.ALL[name] for name in operation.pop(KEY, ()))]


def _is_repeatable(route: APIRoute, needed: list[Permission]) -> bool:
    """Whether an idempotency key counts there: for a POST of who is logged in (`api.repeating`)."""
    return bool(needed) and "POST" in (route.methods or ())


def _responses(found: list[Code]) -> dict[str, dict[str, Any]]:
    """Return the responses of refusals by status: each code with its meaning, and its example."""
    by_status: dict[str, list[Code]] = {}
    for code in sorted(set(found), key=lambda code: code.name):
        by_status.setdefault(str(errors.STATUS[code.kind]), []).append(code)
    return {
        status: {
            "description": "\n".join(f"`{code.name}`: {code.meaning}" for code in same),
            "content": {
                errors.MEDIA_TYPE: {
                    "schema": {"$ref": f"#/components/schemas/{Problems.__name__}"},
                    "examples": {code.name: {"$ref": f"#/components/examples/{code.name}"} for code in same},
                }
            },
        }
        for status, same in by_status.items()
    }


def _about(response: dict[str, Any], schemas: dict[str, Any]) -> str:
    """Return what an answer is: what its schema says of itself, in a sentence."""
    ref = response.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref")
    if ref is None:
        return _NOTHING
    return str(schemas[ref.rsplit("/", 1)[1]]["description"]).split("\n\n")[0].replace("\n", " ")


def _exemplify(operation: dict[str, Any], told: dict[str, Any]) -> None:
    name = operation["operationId"]
    body = told.get(name, {}).get("body")
    if body is not None and "requestBody" in operation:
        operation["requestBody"]["content"][JSON]["example"] = body
    for status, response in operation["responses"].items():
        example = told.get(example_of(operation, status), {})
        if JSON in response.get("content", {}) and "answer" in example:
            response["content"][JSON]["example"] = example["answer"]


def example_of(operation: dict[str, Any], status: str) -> str:
    """Return the name of the example of an answer: the operation's, and the status where it is not the usual one."""
    usual = next((one for one in operation["responses"] if one.startswith("2")), status)
    name = str(operation["operationId"])
    return name if status == usual else f"{name} {status}"


def _excerpt() -> dict[str, Any]:
    """Return the catalogue with one node type, the least there is, and one credential type."""
    whole = json.loads((REFERENCE / "catalog.json").read_text(encoding="utf-8"))
    least = min(whole["nodes"], key=lambda node: len(json.dumps(node)))
    return {"nodes": [least], "credentials": whole["credentials"][:1]}


def _drop_unused(schemas: dict[str, Any]) -> None:
    """Drop FastAPI's own schemas of validation errors, which this API does not answer with."""
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)


def main(arguments: list[str]) -> int:
    """Write, or check. Returns the exit status."""
    text = document()
    if "--check" not in arguments:
        PATH.write_text(text, encoding="utf-8")
        return 0
    if PATH.exists() and PATH.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PATH.name} is stale; run `make generate`.", file=sys.stderr)  # noqa: T201  # a command's output
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
