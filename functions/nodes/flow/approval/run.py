"""Asks for the approval, and passes the items on when nobody decided in time. What people decide, the API tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.nodes.flow.approval.spec import FormField, Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.approvals import approvers_of, with_decision
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.results import stored


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or after its time the input items."""
    if step.control.phase == "timedOut":
        return {"timedOut": with_decision(step.items(), {"decision": "timedOut", "form": {}, "decisions": []})}
    params = step.params()
    approvers = approvers_of(params.approvers, "params.approvers")
    if approvers and params.required > len(approvers):
        raise _invalid(
            "required",
            f"{params.required} approvals are needed, and {len(approvers)} people are listed.",
            "List more people, or ask for fewer approvals.",
        )
    # The result is made of these by whoever ends the wait, and a state carries no more than it may.
    kept = stored({"main": step.items()}, step.control.claims, step.control.key("input"), step.control.inline_limit)[
        "main"
    ]
    expires = datetime.now(UTC) + timedelta(seconds=step.constant("limitSeconds"))
    step.control.suspend(
        {
            "kind": "approval",
            "token": step.control.task_token,
            "expiresAt": expires.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "title": params.title,
            "message": params.message,
            "form": _form(params.form),
            "approvers": approvers,
            "required": params.required,
            "resume": {"input": kept, "inlineLimit": step.control.inline_limit},
        }
    )
    return {}


def _form(fields: list[FormField]) -> list[dict[str, Any]]:
    """Return the form as people get it. Raises ParameterInvalid."""
    made: dict[str, dict[str, Any]] = {}
    for index, field in enumerate(fields):
        if field.name in made:
            words = f"Two form fields are called {field.name!r}."
            raise _invalid(f"form.{index}.name", words, "Give each field a name of its own.")
        made[field.name] = {
            "name": field.name,
            "label": field.label or field.name,
            "type": field.type,
            "required": field.required,
        }
        if field.type == "select":
            options = list(dict.fromkeys(part.strip() for part in field.options.split(",") if part.strip()))
            if not options:
                words = f"The form field {field.name!r} has nothing to choose from."
                raise _invalid(f"form.{index}.options", words, "Write its choices, separated by commas.")
            made[field.name]["options"] = options
    return list(made.values())


def _invalid(field: str, message: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(message, remedy, details={"field": f"params.{field}"})
