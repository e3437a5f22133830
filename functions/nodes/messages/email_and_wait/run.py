"""Sends the mail and waits, and passes the items on when nobody answered in time.

What is answered, the form's function tells (`functions.system.form.questions`).
"""

from datetime import UTC, datetime, timedelta

from functions.nodes.messages.email_and_wait.errors import NoPublicAddress
from functions.nodes.messages.email_and_wait.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or after its time the input items."""
    if step.control.phase == "timedOut":
        return {"timeout": step.items()}
    # Imported here: the mail modules cost 0.05 s, which belongs to the message and not to the function's start.
    from functions.nodes.messages.email_and_wait.letter import html_of, text_of
    from stepweave.runtime.form_links import question_url
    from stepweave.runtime.mail.message import Written, message_of
    from stepweave.runtime.mail.sending import sender_of, sent
    from stepweave.runtime.questions import asked_of

    params, form_url = step.params(), step.context.get("formUrl", "")
    if not form_url:
        raise NoPublicAddress(
            "There is no address at which the mail could be answered.",
            "The platform's operator must set its public address (STEPWEAVE_PUBLIC_URL) and its secret.",
        )
    once = step.idempotency_key()
    url, key = question_url(form_url, once)
    asked = asked_of(params, url)
    written = Written(
        params.subject, text_of(params.message, asked.buttons), html_of(params.message, params.html, asked.buttons)
    )
    sender = sender_of(step, params.credential)
    try:
        told = sent(sender, message_of(params, written, sender.address, once))
    finally:
        sender.close()
    step.log("info", f"The mail is sent to {', '.join(told['accepted'])}; its answer is waited for.")
    expires = datetime.now(UTC) + timedelta(seconds=step.constant("limitSeconds"))
    resume = {"page": asked.page, "key": key} | ({"adds": asked.adds} if asked.adds else {})
    step.control.suspend(
        {
            "kind": "form",
            "token": step.control.task_token,
            "expiresAt": expires.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "title": params.subject,
            "url": url,
            "resume": resume,
        }
    )
    return {}
