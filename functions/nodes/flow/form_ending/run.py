"""Answers the visitor of a form with a page, or with the way to another."""

import re
from typing import Final

from functions.nodes.flow.form_ending.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.answers import carried
from stepweave.runtime.errors import ParameterInvalid

_ADDRESS: Final = r"(?i)https?://[^\s/?#@]+([/?#][^\s]*)?"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Answer, and return the input items."""
    params = step.params(0)
    if params.respond == "redirect":
        step.respond(303, {"location": _address(params.redirect_url)}, None)
    else:
        step.respond(200, {}, {"ending": {"title": params.title, "message": params.message}})
    return {"main": step.items()}


def _address(text: str) -> str:
    """Return an address of a page. Raises ParameterInvalid for what is none, or is no page (`javascript:`)."""
    address = text.strip()
    if not re.fullmatch(_ADDRESS, address):
        raise ParameterInvalid(
            f"{address[:100]!r} is not the address of a page.",
            "Begin it with https:// or http://, and leave out names and passwords.",
            details={"field": "params.redirectUrl"},
        )
    return carried("location", address)
