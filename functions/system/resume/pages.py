"""What the caller of a callback URL sees: a page that asks before anything goes on, thanks, or JSON."""

import json
from html import escape
from typing import Any

from stepweave_data.hooks.refusals import SANDBOX
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.waits import Wait

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.4rem}}</style>
{content}
"""
_QUESTION = """<h1>Let the workflow go on?</h1>
<p>It waits for you at the step <b>{node}</b>. Nothing happens until you press the button.
<form method="post"><button>Go on</button></form>"""


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks."""
    return "text/html" in request.headers.get("accept", "")


def question(wait: Wait) -> dict[str, Any]:
    """Return the page whose button lets the node go on."""
    return _page("Go on?", _QUESTION.format(node=escape(wait.node_id)))


def gone_on(request: Request, wait: Wait) -> dict[str, Any]:
    """Return the answer to a call that let the node go on."""
    if wants_page(request):
        return _page("Thank you", "<h1>Thank you</h1><p>The workflow goes on.")
    body = json.dumps({"executionId": wait.execution_id, "nodeId": wait.node_id})
    headers = {**SANDBOX, "cache-control": "no-store", "content-type": "application/json"}
    return {"statusCode": 200, "headers": headers, "body": body}


def _page(title: str, content: str) -> dict[str, Any]:
    headers = {**SANDBOX, "cache-control": "no-store", "content-type": "text/html; charset=utf-8"}
    return {"statusCode": 200, "headers": headers, "body": _PAGE.format(title=title, content=content)}
