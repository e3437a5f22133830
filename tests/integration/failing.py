"""How each node type is made to fail, with nothing from outside: `test_failing_nodes.py` builds workflows of it."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.integration.test_main_job import node

ITEMS: Final[list[dict[str, Any]]] = [{"n": 0, "list": [1]}, {"n": 1, "bad": "x"}, {"n": 2, "list": [2]}]
"""What every node is given. The item in the middle is the one that fails."""
BAD: Final = 1
TABLE: Final = "failing"
"""A table that the workspace has."""


@dataclass(frozen=True)
class Failing:
    """A node that fails.

    Attributes:
        error: the class of the error.
        params: what makes it fail; `{demo}`, `{database}` and `{mail}` stand for the demo server and for credentials.
        fails: what fails with it: the `item` in the middle; the `batch`, which has that item; or `all` items, each by
            itself, too.
        inputs: its input ports.
    """

    error: str
    params: dict[str, Any]
    fails: Literal["item", "batch", "all"] = "item"
    inputs: tuple[str, ...] = ("main",)


def when_bad(bad: str, good: str) -> str:
    """Return an expression that gives one thing for the item that fails, and another for the others."""
    return "{{ $json.bad ? " + bad + " : " + good + " }}"


_UNREADABLE: Final = [{"left": "{{ $json.bad ?? 1 }}", "type": "number", "operator": "greater", "right": "0"}]
_THROWS: Final = "{{ $json.n.no.such.field }}"
_PAIR: Final = ("first", "second")
_NOBODY: Final = "00000000-0000-4000-8000-000000000000"
_NO_ACCOUNT: Final = {"credential": _NOBODY, "model": "m"}
_NO_CHAT: Final = {"credential": "00000000-0000-4000-8000-000000000000"}

FAILING: Final[dict[str, Failing]] = {
    "aggregate": Failing(
        "ValueMismatch", {"fields": [{"field": "n", "output": "a"}, {"field": "n", "output": "a.b"}]}, fails="all"
    ),
    "airtable": Failing(
        "CredentialMissing",
        {
            "credential": _NOBODY,
            "resource": "record",
            "operation": "get",
            "base": "app1",
            "table": "t",
            "record": "rec1",
        },
        fails="all",
    ),
    "api_operation": Failing(
        "ParameterInvalid",
        {"api": "{api}", "operation": "wait", "values": [{"name": "seconds", "value": when_bad("'x'", "0")}]},
    ),
    "approval": Failing("ExpressionFailed", {"title": _THROWS}, fails="all"),
    "aws": Failing("ParameterInvalid", {"credential": _NOBODY, "service": "sts", "operation": "None"}, fails="all"),
    "aws_dynamodb": Failing(
        "CredentialMissing", {"credential": _NOBODY, "table": "t", "key": {"id": "1"}}, fails="all"
    ),
    "aws_eventbridge": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "source": "com.example", "detailType": "t", "detail": {}},
        fails="all",
    ),
    "aws_lambda": Failing("CredentialMissing", {"credential": _NOBODY, "function": "f", "payload": {}}, fails="all"),
    "aws_ses": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "sender": "a@b.example", "to": "c@d.example", "subject": "x", "text": "x"},
        fails="all",
    ),
    "aws_sns": Failing("ParameterInvalid", {"credential": _NOBODY, "topic": "none", "message": "x"}, fails="all"),
    "aws_sqs": Failing("CredentialMissing", {"credential": _NOBODY, "queue": "q", "body": "x"}, fails="all"),
    "aws_s3": Failing("CredentialMissing", {"credential": _NOBODY, "bucket": "b", "key": "k"}, fails="all"),
    "classify": Failing(
        "CredentialMissing", {**_NO_ACCOUNT, "text": "x", "classes": [{"output": "high"}]}, fails="all"
    ),
    "embed": Failing("CredentialMissing", {**_NO_ACCOUNT, "text": "x"}, fails="all"),
    "generate_image": Failing("CredentialMissing", {**_NO_ACCOUNT, "prompt": "x"}, fails="all"),
    "microsoft_excel": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "table", "operation": "list", "workbook": "w"},
        fails="all",
    ),
    "microsoft_teams": Failing(
        "CredentialMissing", {"credential": _NOBODY, "resource": "team", "operation": "list"}, fails="all"
    ),
    "microsoft_outlook": Failing(
        "CredentialMissing", {"credential": _NOBODY, "resource": "folder", "operation": "list"}, fails="all"
    ),
    "moderate": Failing("CredentialMissing", {**_NO_ACCOUNT, "text": "x"}, fails="all"),
    "transcribe": Failing("ParameterInvalid", {**_NO_ACCOUNT, "file": when_bad("'none'", "'none'")}, fails="all"),
    "gmail": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "label", "operation": "list"},
        fails="all",
    ),
    "google_calendar": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "calendar", "operation": "list"},
        fails="all",
    ),
    "google_docs": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "document", "operation": "get", "document": "d"},
        fails="all",
    ),
    "google_drive": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "drive", "operation": "list"},
        fails="all",
    ),
    "google_sheets": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "sheet", "operation": "list", "spreadsheet": "s"},
        fails="all",
    ),
    "code": Failing("JavaScriptError", {"mode": "allItems", "code": "throw new Error('no')"}, fails="all"),
    "compare_datasets": Failing(
        "ExpressionFailed", {"match": [{"first": _THROWS, "second": "n"}]}, fails="all", inputs=_PAIR
    ),
    "compress": Failing("ParameterInvalid", {"operation": "uncompress", "file": "none"}, fails="all"),
    "convert_to_file": Failing(
        "ValueUnwritable", {"format": "base64", "files": "each", "content": when_bad("'%'", "'YQ=='")}
    ),
    "crypto": Failing("ValueMismatch", {"text": when_bad("'zz'", "'00'"), "textEncoding": "hex"}),
    "database": Failing(
        "DatabaseError",
        {
            "credential": "{database}",
            "query": "SELECT 1 / $1::int AS one",
            "values": [{"value": when_bad("0", "1")}],
            "transaction": "item",
        },
    ),
    "date_time": Failing("DateInvalid", {"operation": "startOf", "date": when_bad("'soon'", "'2026-01-31'")}),
    "email": Failing(
        "EmailRefused",
        {"credential": "{mail}", "to": when_bad("'x@refuse.test'", "'x@example.com'"), "subject": "s", "text": "t"},
    ),
    "email_and_wait": Failing(
        "ExpressionFailed", {"credential": "{mail}", "to": "x@example.com", "subject": _THROWS}, fails="all"
    ),
    "slack_and_wait": Failing("ExpressionFailed", {**_NO_CHAT, "channel": "C1", "subject": _THROWS}, fails="all"),
    "telegram_and_wait": Failing("ExpressionFailed", {**_NO_CHAT, "chat": "1", "subject": _THROWS}, fails="all"),
    "execute_workflow": Failing(
        "WorkflowNotFound", {"workflowId": "00000000-0000-4000-8000-000000000000"}, fails="all"
    ),
    "extract": Failing("CredentialMissing", {**_NO_ACCOUNT, "text": "x", "fields": [{"name": "a"}]}, fails="all"),
    "extract_from_file": Failing("ParameterInvalid", {"file": "none"}, fails="all"),
    "file_server": Failing("CredentialMissing", {"credential": _NO_ACCOUNT["credential"], "path": "/"}, fails="all"),
    "graphql": Failing(
        "ParameterInvalid", {"url": "{demo}/graphql", "query": "{ a }", "variables": when_bad("7", "[1]")}, fails="all"
    ),
    "filter": Failing("ValueMismatch", {"conditions": _UNREADABLE}),
    "form_ending": Failing("ExpressionFailed", {"title": _THROWS}, fails="all"),
    "form_page": Failing("ExpressionFailed", {"title": _THROWS}, fails="all"),
    "html": Failing(
        "SelectorInvalid",
        {"html": "<p>a</p>", "values": [{"name": "p", "selector": when_bad("'p['", "'p'")}]},
    ),
    "http_request": Failing("HttpClientError", {"url": "{demo}/{{ $json.bad ? 'status/404' : 'echo' }}"}),
    "image": Failing("ParameterInvalid", {"operation": "info", "file": "none"}, fails="all"),
    "hubspot": Failing(
        "CredentialMissing",
        {"credential": _NOBODY, "resource": "record", "operation": "get", "record": "1"},
        fails="all",
    ),
    "if": Failing("ValueMismatch", {"conditions": _UNREADABLE}),
    "jwt": Failing(
        "TokenInvalid",
        {"operation": "decode", "token": when_bad("'x'", "'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln'")},
    ),
    "agent": Failing("CredentialMissing", {**_NO_ACCOUNT, "prompt": "x"}, fails="all"),
    "language_model": Failing("CredentialMissing", {**_NO_ACCOUNT, "prompt": "x"}, fails="all"),
    "limit": Failing("ExpressionFailed", {"count": _THROWS}, fails="all"),
    "loop": Failing(
        "LoopLimit",
        {
            "mode": "repeat",
            "maxRounds": 1,
            "onLimit": "fail",
            "until": [{"left": "a", "operator": "equals", "right": "b"}],
        },
        fails="all",
    ),
    "markdown": Failing(
        "MarkupTooDeep", {"operation": "toMarkdown", "html": "{{ '<b>'.repeat($json.bad ? 600 : 1) }}"}
    ),
    "merge": Failing(
        "ExpressionFailed", {"mode": "fields", "match": [{"first": _THROWS, "second": "n"}]}, fails="all", inputs=_PAIR
    ),
    "mysql": Failing("CredentialMissing", {"credential": _NOBODY, "query": "SELECT 1"}, fails="all"),
    "mongodb": Failing("CredentialMissing", {"credential": _NOBODY, "collection": "c"}, fails="all"),
    "numbers": Failing(
        "NumberInvalid",
        {"operation": "calculate", "calculation": "divide", "number": 1, "other": when_bad("0", "1")},
    ),
    "pdf": Failing("ParameterInvalid", {"operation": "split", "file": "none"}, fails="all"),
    "pivot": Failing(
        "ValueMismatch", {"rows": "", "column": "n", "value": "bad", "operation": "sum", "prefix": "c"}, fails="batch"
    ),
    "notion": Failing(
        "CredentialMissing", {"credential": _NOBODY, "resource": "user", "operation": "list"}, fails="all"
    ),
    "python_code": Failing("PythonError", {"code": "raise ValueError('no')"}, fails="all"),
    "read_email": Failing("CredentialMissing", {"credential": "00000000-0000-4000-8000-000000000000"}, fails="all"),
    "redis": Failing("CredentialMissing", {"credential": _NOBODY, "key": "k"}, fails="all"),
    "remove_duplicates": Failing(
        "ValueMismatch", {"mode": "greater", "value": "{{ $json.bad ?? $json.n }}"}, fails="batch"
    ),
    "rename_keys": Failing(
        "ValueMismatch", {"keys": [{"old": when_bad("'absent'", "'n'"), "new": "m"}], "missing": "fail"}
    ),
    "respond_to_webhook": Failing("FileMissing", {"bodyKind": "file"}, fails="all"),
    "rss_read": Failing("HttpClientError", {"url": "{demo}/status/404"}, fails="all"),
    "set_fields": Failing(
        "ValueMismatch", {"assignments": [{"name": "m", "value": "{{ $json.bad ?? 1 }}", "type": "number"}]}
    ),
    "sort": Failing("ValueMismatch", {"keys": [{"field": "bad", "compare": "number"}]}, fails="batch"),
    "split_out": Failing("ValueMismatch", {"fields": "list", "nothing": "fail"}),
    "ssh": Failing("CredentialMissing", {"credential": _NOBODY, "command": "true"}, fails="all"),
    "stop_and_error": Failing("StoppedByWorkflow", {"message": "no"}, fails="all"),
    "sql_server": Failing("CredentialMissing", {"credential": _NOBODY, "query": "SELECT 1"}, fails="all"),
    "sqlite": Failing(
        "DatabaseError", {"file": "", "query": "SELECT json(?) AS v", "values": [{"value": when_bad("'{'", "'{}'")}]}
    ),
    "storage": Failing("KeptFileNotFound", {"operation": "read", "path": "nowhere"}, fails="all"),
    "store": Failing("StoreKeyInvalid", {"key": when_bad("''", "'k'")}),
    "summarize": Failing(
        "ValueMismatch", {"summaries": [{"operation": "sum", "field": "bad"}], "missing": "empty"}, fails="batch"
    ),
    "summarize_texts": Failing("CredentialMissing", {**_NO_ACCOUNT, "text": "x"}, fails="all"),
    "switch": Failing("ValueMismatch", {"rules": [{"output": "high", "conditions": _UNREADABLE}]}),
    "table": Failing("TableNotFound", {"operation": "count", "table": when_bad("'nowhere'", f"'{TABLE}'")}),
    "text": Failing("PatternInvalid", {"by": "pattern", "text": "a", "pattern": when_bad("'('", "'a'")}),
    "throttle": Failing("ExpressionFailed", {"key": _THROWS}, fails="all"),
    "validate": Failing("SchemaInvalid", {"jsonSchema": when_bad("{type: 'nothing'}", "{}")}),
    "wait": Failing("WaitTooLong", {"amount": 100000, "unit": "days"}, fails="all"),
    "xml": Failing("XmlInvalid", {"xml": when_bad("'<a'", "'<a/>'")}),
}
"""By node type. A node of the catalogue that is neither here nor in `ELSEWHERE` fails the test."""

ELSEWHERE: Final = {
    "github": "test_apps.py, with a provider that stands in",
    "discord": "test_chat_apps.py, with a provider that stands in",
    "slack": "test_chat_apps.py, with a provider that stands in",
    "telegram": "test_chat_apps.py, with a provider that stands in",
    "no_op": "it has nothing that could fail",
    "try": "what fails in it is what this is about",
}
"""Why node types are not in `FAILING`."""


def made(type: str, id: str, known: dict[str, str], **settings: Any) -> dict[str, Any]:
    """Return a node of a type that fails, with settings; `known` says what stands for `{demo}` and the like."""
    return node(id, type, _filled(FAILING[type].params, known), **settings)


def _filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, known) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known) for inner in value]
    if isinstance(value, str):
        for name, text in known.items():
            value = value.replace("{" + name + "}", text)
    return value
