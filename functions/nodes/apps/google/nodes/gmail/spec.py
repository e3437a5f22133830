"""The Gmail node as a value."""

from functions.nodes.apps.google.api import google_app
from functions.nodes.apps.google.nodes.gmail.requests import LABELS
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import OptionsRequest

LABEL_OPTIONS = OptionsRequest(name="labels", request=LABELS, items="labels", value="id", label="name", detail="type")

APP = google_app(
    "https://gmail.googleapis.com",
    operations_in(__package__),
    options=(LABEL_OPTIONS,),
    timeout_seconds=60,
    most_mb=50,
)

DOCS = """\
Works with the mailbox of a Google account. A service account needs *Acts as*: it has no mailbox of its own.

A message has `id` and `threadId` (Gmail's), `labels`, `date`, its addresses and headers as text, `text`, `html` and
`attachments`; with *Get attachments* these are the item's files. An answer goes to who wrote the message (*Reply to*
counts), keeps its subject and stays in its conversation. Messages have up to 35 MB with their files; large ones are
uploaded piece by piece. Labels are named as in Gmail, or by their IDs.

`AddressInvalid`, `EmailTooLarge` and `LabelMissing` say what cannot be sent, or is not there. `OutcomeUnknown`: Google
did not answer, and the message may have been sent, so it is not tried again by itself.

**Example.** Message, Send: to `{{ $json.email }}`, subject `Order {{ $json.id }}`, attachments `invoice`.
"""

SPEC = app_node(
    APP,
    type="gmail",
    name="Gmail",
    icon="mail",
    summary="Sends, answers, finds and labels messages.",
    docs=DOCS,
    errors=("AddressInvalid", "EmailTooLarge", "LabelMissing", "OutcomeUnknown"),
)
