"""A step that asks people in a chat, and waits for the answer, which the form's function tells."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

from stepweave.model.items import Item
from stepweave.runtime.errors import NodeError
from stepweave.runtime.form_links import question_url
from stepweave.runtime.questions import Question, asked_of
from stepweave.runtime.step import Step

P = TypeVar("P")
"""Parameters that are a `Question`."""
Buttons = tuple[tuple[str, str], ...]
"""What each says, and where it leads."""


class NoPublicAddress(NodeError):
    """The platform has no address that an answer could be given at."""


def ask_and_wait(step: Step[P], send: Callable[[P, Buttons], str]) -> dict[str, list[Item]]:
    """Send a question and wait; after the time return the input items.

    Args:
        step: of the node, whose spec is `waiting` with the parameter `limitSeconds` and the port `timeout`.
        send: sends the message with buttons that lead to the page; returns where it stands, for the log.

    Raises:
        NoPublicAddress: nobody could answer; nothing was sent.
        ParameterInvalid: the page cannot be shown.
    """
    if step.control.phase == "timedOut":
        return {"timeout": step.items()}
    params, form_url = step.params(), step.context.get("formUrl", "")
    if not form_url:
        raise NoPublicAddress(
            "There is no address at which the message could be answered.",
            "The platform's operator must set its public address (STEPWEAVE_PUBLIC_URL) and its secret.",
        )
    question = cast("Question", params)
    url, key = question_url(form_url, step.idempotency_key())
    asked = asked_of(question, url)
    step.log("info", f"{send(params, asked.buttons)}; its answer is waited for.")
    expires = datetime.now(UTC) + timedelta(seconds=step.constant("limitSeconds"))
    resume = {"page": asked.page, "key": key} | ({"adds": asked.adds} if asked.adds else {})
    step.control.suspend(
        {
            "kind": "form",
            "token": step.control.task_token,
            "expiresAt": expires.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "title": question.subject,
            "url": url,
            "resume": resume,
        }
    )
    return {}
