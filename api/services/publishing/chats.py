"""What a chat's function needs of a document, and why a chat cannot be shown."""

from typing import Any

from api.services.compiling import catalogue, with_defaults
from api.services.publishing.trigger_refusals import not_shown
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.spec.forms.languages import language_of


def target_of(node: Node, document: Document, start: dict[str, Any]) -> dict[str, Any]:
    """Return what the chat's function needs to show a chat and to start its workflow (`ChatTarget`).

    Args:
        node: the chat's.
        document: that it stands in.
        start: the fields of `starting.Target`.

    Raises:
        Refused: `trigger_refused`, at the field that is wrong.
    """
    params = with_defaults(node)
    return {
        "start": start,
        "nodeId": node.id,
        "look": {
            **{name: params[name] for name in ("color", "appearance", "logoUrl", "embed")},
            "language": language_of(params),
        },
        "says": {
            **{name: params[name] for name in ("title", "greeting", "placeholder")},
            "suggestions": _lines(params["suggestions"], "\n"),
        },
        "access": params["access"],
        "credentialId": params["password"],
        "files": {"accept": [kind.lower() for kind in _lines(params["accept"], ",")], "most": params["mostFiles"]}
        if params["takesFiles"]
        else None,
        "mostCharacters": params["mostCharacters"],
        "perMinute": params["perMinute"],
        "keepDays": params["keepDays"],
        "view": view_of(node, document, params),
    }


def view_of(node: Node, document: Document, params: dict[str, Any]) -> dict[str, Any]:
    """Return whose output the answer is, and which steps visitors see: `ChatTurn.view`. Raises as `target_of`."""
    steps = {one.id: one.name for one in document.nodes if not one.settings.disabled and not _is_trigger(one)}
    name = params["answerNode"].strip()
    if name:
        answers = [id for id, called in steps.items() if called == name]
        if not answers:
            words = f"There is no node {name!r} that could answer."
            raise not_shown(node, words, "Write the node's name, or leave it empty.", "params.answerNode")
    else:
        lead = _leading(document)
        inner = _reached(lead, [target for source, target, tool in lead if tool])
        ends = {source for source, target, tool in lead if not tool and target in steps}
        answers = [id for id in steps if id not in ends and id not in inner]
    return {"answers": answers, "field": params["answerField"], "steps": steps if params["showSteps"] else {}}


def _leading(document: Document) -> list[tuple[str, str, bool]]:
    """Return each edge as (source, target, whether it leads to a tool of an agent)."""
    agents = {node.id for node in document.nodes if _control(node) == "agent"}
    return [
        (edge.source, edge.target, edge.source in agents and edge.source_port == "tools") for edge in document.edges
    ]


def _reached(lead: list[tuple[str, str, bool]], begins: list[str]) -> set[str]:
    """Return the nodes that can be reached from some, those among them."""
    found: set[str] = set()
    waiting = list(begins)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += [target for source, target, _ in lead if source == id]
    return found


def _control(node: Node) -> str:
    entry = catalogue().get(node.type, node.version)
    return (entry.control or "") if entry else ""


def _is_trigger(node: Node) -> bool:
    entry = catalogue().get(node.type, node.version)
    return entry is not None and entry.trigger is not None


def _lines(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]
