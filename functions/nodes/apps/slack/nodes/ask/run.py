"""Sends the question and waits, and passes the items on when nobody answered in time."""

from typing import Final

from functions.nodes.apps.slack.nodes.ask.spec import Params
from functions.nodes.apps.slack.spec import APP
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.asking_in_chats import Buttons, ask_and_wait
from stepweave.runtime.http.operations import asking
from stepweave.spec.operations import RequestSpec

_POST: Final = RequestSpec(
    "POST", "/chat.postMessage", body={"channel": "{channel}", "text": "{text}", "blocks": "{blocks}"}
)


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or after its time the input items."""
    # Imported here: what reads Markdown belongs to the message, not to the function's start.
    from functions.nodes.apps.slack.content import sections
    from functions.nodes.apps.slack.mrkdwn import escaped, of_markdown

    def send(params: Params, buttons: Buttons) -> str:
        text = f"*{escaped(' '.join(params.subject.split()))}*\n\n{of_markdown(params.message)}".strip()
        elements = [
            {
                "type": "button",
                "action_id": f"answer_{place}",
                "text": {"type": "plain_text", "text": name},
                "url": url,
                **({"style": "primary"} if place == 0 else {}),
            }
            for place, (name, url) in enumerate(buttons)
        ]
        blocks = [*sections(text), {"type": "actions", "elements": elements}]
        values = {"channel": params.channel.strip(), "text": params.subject, "blocks": blocks}
        made = asking(APP, step, params.credential, _POST, values).answer().body
        return f"Message {made.get('ts')} is posted"

    return ask_and_wait(step, send)
