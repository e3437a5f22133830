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
        answers = [id for id in steps if not _leads_on(document, id, steps)]
    return {"answers": answers, "field": params["answerField"], "steps": steps if params["showSteps"] else {}}


def _leads_on(document: Document, id: str, steps: dict[str, str]) -> bool:
    """Whether a node's items go to another one."""
    return any(edge.source == id and edge.target in steps for edge in document.edges)


def _is_trigger(node: Node) -> bool:
    entry = catalogue().get(node.type, node.version)
    return entry is not None and entry.trigger is not None


def _lines(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]
