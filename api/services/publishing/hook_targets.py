"""A webhook node as what its calls need to know (`functions.system.webhook.targets`), and what is wrong with it.

The compiler has checked the parameters against their schema; here is looked at what a schema cannot say.
"""

from collections.abc import Iterator
from ipaddress import IPv6Network, ip_network
from typing import Any, Final

from api import codes
from api.refusals import Refused
from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.paths import Path, parse_path
from stepweave.expressions.templates import parse_template
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node
from stepweave.runtime import answers
from stepweave_data.hooks import paths

_MAPPED: Final = 96
"""From this prefix on a network of IPv6 is one of IPv4 (`::ffff:203.0.113.0/120`)."""


def check(nodes: list[Node]) -> None:
    """Raise Refused (`workflow_invalid`, with diagnostics) where webhooks cannot be as they are set."""
    found = [problem.to_json() for node in nodes for problem in _problems(node)]
    if found:
        raise Refused(codes.WORKFLOW_INVALID, "The workflow has errors; see the diagnostics.", diagnostics=found)


def methods_of(node: Node) -> list[str]:
    """Return the methods that a webhook node takes, each once."""
    return list(dict.fromkeys((node.params.get("method", "POST"), *node.params.get("moreMethods", ()))))


def target_of(node: Node, start: dict[str, Any]) -> dict[str, Any]:
    """Return what calls of a webhook node need to know, whatever their method.

    Args:
        node: the trigger.
        start: fields of `starting.Target`: what it starts.
    """
    params = node.params
    authentication = params.get("authentication", "none")
    target: dict[str, Any] = {
        "start": start,
        "nodeId": node.id,
        "path": params["path"],
        "respond": params.get("respond", "immediately"),
        "bodyType": params.get("bodyType", "json"),
        "maxBodyKb": params.get("maxBodyKb", 1024),
        "authentication": authentication,
        "origins": params.get("allowedOrigins", "*"),
        "rawBody": params.get("rawBody", False),
    }
    if authentication != "none":
        target["credentialId"] = params.get(f"{authentication}Credential", "")
    if authentication == "signature":
        target["signature"] = _signature(params)
    if networks := _networks(params.get("allowedNetworks", "")):
        target["networks"] = networks
    if calls := params.get("mostCalls"):
        seconds, per = params.get("inSeconds", 60), params.get("callsOf", "webhook")
        target["rate"] = {"calls": calls, "seconds": seconds, "per": per}
    if key := params.get("idempotencyKey", "").strip():
        target["idempotencyKey"] = key
    if answer := _answer(params):
        target["answer"] = answer
    return target


def _signature(params: dict[str, Any]) -> dict[str, Any]:
    preset, window = params.get("signaturePreset", "github"), params.get("signatureWindow", 300)
    if preset != "custom":
        return {"preset": preset, "window": window}
    return {
        "preset": preset,
        "window": window,
        "header": params.get("signatureHeader", "X-Signature"),
        "prefix": params.get("signaturePrefix", ""),
        "algorithm": params.get("signatureAlgorithm", "sha256"),
        "encoding": params.get("signatureEncoding", "hex"),
        "content": params.get("signatureContent", "{body}"),
        "timeHeader": params.get("signatureTimeHeader", ""),
    }


def _answer(params: dict[str, Any]) -> dict[str, Any]:
    respond = params.get("respond", "immediately")
    if respond == "respondNode":
        return {}
    rows = params.get("answerHeaders", [])
    answer: dict[str, Any] = {
        "status": params.get("answerStatus"),
        "headers": {row["name"].strip().lower(): _carried(row) for row in rows},
        "body": params.get("answerBody", "") if respond == "immediately" else "",
        "items": params.get("answerItems", "auto") if respond == "lastNode" else "",
    }
    return {name: value for name, value in answer.items() if value}


def _carried(row: dict[str, Any]) -> str:
    return answers.carried(row["name"].strip().lower(), str(row.get("value", "")))


def _networks(text: str) -> list[str]:
    """Return networks as they are compared with. Raises ValueError."""
    return [_network(entry) for entry in text.replace(",", " ").split()]


def _network(text: str) -> str:
    network = ip_network(text, strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return f"{mapped}/{network.prefixlen - _MAPPED}" if mapped and network.prefixlen >= _MAPPED else str(network)


def _problems(node: Node) -> Iterator[Diagnostic]:
    params = node.params
    names = paths.names(params["path"])
    if double := next((name for name in names if names.count(name) > 1), None):
        yield _problem(node, "path", f"the path has the parameter :{double} twice", "Give one another name.")
    for entry in params.get("allowedNetworks", "").replace(",", " ").split():
        try:
            _network(entry)
        except ValueError:
            words = f"{entry!r} is neither an address nor a network"
            yield _problem(node, "allowedNetworks", words, "Write for example 203.0.113.7 or 2001:db8::/32.")
    yield from _key_problems(node, params.get("idempotencyKey", ""))
    if params.get("authentication") == "signature" and params.get("signaturePreset") == "custom":
        yield from _signing_problems(node, _signature(params))
    if params.get("respond", "immediately") != "respondNode":
        for index, row in enumerate(params.get("answerHeaders", [])):
            if why := answers.refusal(row["name"].strip().lower(), _carried(row)):
                yield _problem(node, f"answerHeaders.{index}.name", why[0].rstrip("."), why[1])


def _key_problems(node: Node, template: str) -> Iterator[Diagnostic]:
    try:
        expressions = parse_template(template).expressions
    except ExpressionSyntax as error:
        yield _problem(node, "idempotencyKey", error.message.rstrip("."), "Correct the expression.")
        return
    remedy = 'Write a path of the request, for example {{ $json.headers["x-request-id"] }}.'
    if template.strip() and not expressions:
        yield _problem(node, "idempotencyKey", "a key that is always the same starts one execution a day", remedy)
    for expression in expressions:
        path = parse_path(expression.source)
        if not isinstance(path, Path) or path.root != "$json":
            words = f"{expression.source.strip()!r} is no plain path of $json, and a key runs no code"
            yield _problem(node, "idempotencyKey", words, remedy)


def _signing_problems(node: Node, rules: dict[str, Any]) -> Iterator[Diagnostic]:
    is_signed = "{timestamp}" in rules["content"]
    if is_signed and not rules["timeHeader"]:
        words = "the time is signed, and no header has it"
        yield _problem(node, "signatureTimeHeader", words, "Name the header of the time.")
    if rules["timeHeader"] and not is_signed:
        words = "the time is not signed, so that anybody could change it"
        yield _problem(node, "signatureContent", words, "Sign {timestamp}, too, or name no header of the time.")


def _problem(node: Node, field: str, words: str, remedy: str) -> Diagnostic:
    message = f"{node.name!r}: {words}."
    return Diagnostic(
        code="invalid_parameter", message=message, remedy=remedy, node_id=node.id, field=f"params.{field}"
    )
