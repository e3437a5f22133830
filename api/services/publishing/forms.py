"""What a form's function needs of a document, and why a form cannot be shown."""

from typing import Any

from api.services.compiling import with_defaults
from api.services.publishing.trigger_refusals import not_shown
from stepweave.expressions.patterns import PatternError, matches
from stepweave.model.workflow import Node
from stepweave.spec.forms import FormField, FormInvalid, Page, page_of
from stepweave.spec.forms.languages import language_of


def target_of(node: Node, start: dict[str, Any]) -> dict[str, Any]:
    """Return what the form's function needs to show a form and to start its workflow.

    Args:
        node: the form's.
        start: the fields of `starting.Target`; of a draft that is tried out, only whose it is.

    Raises:
        Refused: `trigger_refused`, at the field that is wrong.
    """
    params = with_defaults(node)
    return {
        "start": start,
        "nodeId": node.id,
        "page": page_at(node),
        "look": {
            **{name: params[name] for name in ("color", "appearance", "logoUrl", "embed")},
            "language": language_of(params),
        },
        "perMinute": params["perMinute"],
    }


def page_at(node: Node) -> Page:
    """Return the first page of a form. Raises Refused: `trigger_refused`, at the field that is wrong."""
    params = with_defaults(node)
    fields = [FormField.model_validate(row) for row in params.get("fields", [])]
    try:
        page = page_of(params["title"], params["description"], params["button"], fields)
    except FormInvalid as error:
        raise not_shown(node, error.message, error.remedy, error.field) from None
    for index, field in enumerate(fields):
        if not field.pattern:
            continue
        try:
            matches(field.pattern, "")
        except PatternError as error:
            raise not_shown(node, str(error), error.remedy, f"params.fields.{index}.pattern") from None
    return page
