"""The node that asks in Slack as a value."""

from functions.nodes.apps.slack.fields import Channel
from functions.nodes.apps.slack.spec import APP
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec, Port, Waiting
from stepweave.spec.questions import AskedInChat
from stepweave.spec.triggers import credential_field


class Account(NodeParams):
    """Who asks."""

    credential: str = credential_field(APP.credential)


class Params(AskedInChat, Channel, Account):
    """Where it is asked, and what may be answered."""


DOCS = """\
Asks in a channel of Slack, or a person there, and goes on with the answer. Nothing runs and nothing is paid for while
it waits, up to a year.

**Answering.** The message has a button for each answer, or one that leads to the page with the text or the form. A
button opens a page of the platform's, on which the answer is sent: looking changes nothing. The first answer counts;
later ones are told that they are not taken, and so is one after the time is over. Everybody in the chat may answer:
where it matters who decides, use *Approval*.

**Output.** One item with the answer, and `submittedAt`. Of *Approve or refuse*: `decision` (what the button says),
`approved` (true or false) and `comment`; of *Free text*: `answer`; of *A form*: the answers by the fields' names. When
nobody has answered in time, the input items on `timeout`. One run asks once, made of the first item; to ask for each
item, put the node into a *Loop*, whose rounds may wait beside each other.

**Errors.** Those of Slack: `HttpClientError`, `HttpRateLimited`, `HttpServerError`, `RequestTimeout`,
`ConnectionFailed`, `ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects`, `AddressForbidden`,
`CredentialNotForHost`. `DataTooLarge`: the text is longer than Slack takes. `ParameterInvalid` for a page that cannot
be shown, `NoPublicAddress` (the platform's operator has set none). Where the message cannot be sent, nothing waits.

**Example.** Question `Refund order {{ $json.id }}?`; behind it an *If* on `{{ $json.approved }}`.
"""

SPEC = NodeSpec(
    type="slack_and_wait",
    name="Slack: send and wait",
    category=Category.APP,
    icon="hash",
    summary="Asks in Slack, with buttons, free text or a form, and waits for the answer.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", "Answered"), Port("timeout", "Timed out")),
    waiting=Waiting(seconds="limitSeconds", timeout_port="timeout"),
    subtitle="{subject}",
    credentials=APP.credentials,
    network=True,
    layers=("markup",),
    timeout_seconds=60,
    errors=(*HTTP_ERRORS, "NoPublicAddress"),
    retryable=HTTP_RETRYABLE,
    output_example=(
        {"decision": "Approve", "comment": "Fine.", "submittedAt": "2026-11-30T09:00:00.000Z", "approved": True},
    ),
)
