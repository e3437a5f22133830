"""Shows the page, and passes the items on when nobody sent it in time. What is sent, the form's function tells."""

from datetime import UTC, datetime, timedelta

from functions.nodes.flow.form_page.spec import Params
from stepweave.expressions.patterns import PatternError, matches
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.forms import FormInvalid, Page, page_of


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or after its time the input items."""
    if step.control.phase == "timedOut":
        return {"timeout": step.items()}
    params = step.params()
    page = _page(params)
    expires = datetime.now(UTC) + timedelta(seconds=step.constant("limitSeconds"))
    step.control.suspend(
        {
            "kind": "form",
            "token": step.control.task_token,
            "expiresAt": expires.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "title": params.title,
            "url": step.context.get("formUrl", ""),
            "resume": {"page": page},
        }
    )
    return {}


def _page(params: Params) -> Page:
    """Return the page. Raises ParameterInvalid where it cannot be shown."""
    try:
        page = page_of(params.title, params.description, params.button, params.fields)
    except FormInvalid as error:
        raise ParameterInvalid(error.message, error.remedy, details={"field": error.field}) from None
    for index, field in enumerate(params.fields):
        if not field.pattern:
            continue
        try:
            matches(field.pattern, "")
        except PatternError as error:
            place = {"field": f"params.fields.{index}.pattern"}
            raise ParameterInvalid(str(error), error.remedy, details=place) from None
    return page
