"""The chat trigger as a value."""

from typing import Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.forms.looks import (
    Appearance,
    Language,
    appearance_field,
    color_field,
    embed_field,
    language_field,
    language_tag_field,
    logo_field,
    path_field,
)
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind

_FILES: Final = {"takesFiles": [True]}
_KIND: Final = r"(\.[A-Za-z0-9]+|[A-Za-z0-9.+-]+/(\*|[A-Za-z0-9.+-]+))"
"""An ending or a MIME type."""


class Params(NodeParams):
    """Where the chat is, who may use it, what it says first, and where its answers come from."""

    path: str = path_field("help")
    title: str = ui(
        ...,
        title="Title",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Ask us",
        min_length=1,
        max_length=200,
    )
    greeting: str = ui(
        "",
        title="Greeting",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder="Hello! How can I help?",
        help="What stands there at first. Markdown.",
        max_length=4000,
    )
    suggestions: str = ui(
        "",
        title="Suggestions",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder="Where is my order?\nHow do I send something back?",
        help="Questions to choose from, one a line.",
        max_length=2000,
    )
    access: Literal["public", "password", "members"] = ui(
        "public",
        title="Who may use it",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("public", "Everybody who has the address"),
            ("password", "Who knows the password"),
            ("members", "Members of this workspace"),
        ],
    )
    password: str = ui(
        "",
        title="Password",
        kind=Kind.CREDENTIAL,
        credential="chat_password",
        expression=False,
        show_when={"access": ["password"]},
        required_when_shown=True,
    )
    language: Language = language_field("What the page says itself: buttons, what is under way, why something failed.")
    language_tag: str = language_tag_field()
    takes_files: bool = ui(
        False,  # a default
        title="Takes files",
        kind=Kind.BOOLEAN,
        expression=False,
        help="All files of a message together have at most 4 MB.",
    )
    accept: str = ui(
        "",
        title="Kinds of files",
        kind=Kind.TEXT,
        expression=False,
        placeholder="image/*, .pdf",
        help="Endings or MIME types with commas. Empty: any.",
        show_when=_FILES,
        max_length=500,
        pattern=rf"^\s*$|^\s*{_KIND}(\s*,\s*{_KIND})*\s*$",
    )
    most_files: int = ui(
        3, title="Most files in a message", kind=Kind.NUMBER, expression=False, show_when=_FILES, ge=1, le=10
    )
    answer_node: str = ui(
        "",
        title="Answer of the node",
        kind=Kind.TEXT,
        expression=False,
        placeholder="AI agent",
        help="Its name. Empty: the node that comes last.",
        group="options",
        max_length=200,
    )
    answer_field: str = ui(
        "",
        title="Field of the answer",
        kind=Kind.TEXT,
        expression=False,
        placeholder="answer",
        help="Empty: answer, output, text or message, whichever is there.",
        group="options",
        max_length=200,
    )
    show_steps: bool = ui(
        True,  # a default
        title="Show which step is at work",
        kind=Kind.BOOLEAN,
        expression=False,
        help="By the nodes' names, which visitors read then. Nothing else of a node is shown.",
        group="options",
    )
    placeholder: str = ui(
        "",
        title="Text in the empty field",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Write a message",
        help="Empty: in the chat's language.",
        group="options",
        max_length=100,
    )
    color: str = color_field()
    appearance: Appearance = appearance_field()
    logo_url: str = logo_field()
    embed: str = embed_field()
    most_characters: int = ui(
        8000,
        title="Most characters of a message",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        ge=1,
        le=100_000,
    )
    per_minute: int = ui(
        20,
        title="Most messages a minute",
        kind=Kind.NUMBER,
        expression=False,
        help="From one address, and in one conversation.",
        group="options",
        ge=1,
        le=1000,
    )
    keep_days: int = ui(
        30,
        title="Days a conversation is kept",
        kind=Kind.NUMBER,
        expression=False,
        help="From its latest message on; then its page begins anew.",
        group="options",
        ge=1,
        le=365,
    )


DOCS = """\
Shows a page on which visitors write, and starts the workflow with each message. The answer comes on the same page, word
by word while a model gives it. Put a *Language model* behind it, with `{{ $json.chatInput }}` as its prompt. *Chat*
beside the canvas tries the draft out; the address of the page works once the workflow is published.

**Answer.** The text of the last node, in its field `answer`, `output`, `text` or `message`; or of the node and the
field that you name. Of several last nodes those fields count in this order. It is read as Markdown; HTML in it is shown
as it is written, and pictures in it are links.

**Who may use it.** Everybody who has the address, who knows a password, or who is logged in as a member of the
workspace.

**Conversations.** Each visitor has one, which their browser goes on with after a reload, also while an answer is on its
way. `sessionId` tells conversations apart; nobody reads another's. One message at a time: the next one can be sent when
the answer has come, or was stopped. A workflow that waits, for an approval for instance, may answer days later.

**In another page.** Name its origin under *Pages that may show it in a frame*; the trigger's panel has the lines to
copy.

**Output.** One item: `chatInput` (the message), `sessionId`, `messageId`, `action` (`sendMessage`) and `files`
(`fileName`, `mimeType`, `size` of each), the files themselves in `binary` under `file`, `file_1`, ...

**Errors.** Nothing starts for a message that is too long, has too many or other files (status 422), is too large (413),
comes too often (429) or while an answer is on its way (409). When the workflow fails the visitor reads that something
went wrong, and can send the message again; why is told to nobody but you.

**Example.** Path `help`, title `Ask us`; behind it a *Language model* with the prompt `{{ $json.chatInput }}`.
"""

SPEC = NodeSpec(
    type="chat_trigger",
    name="Chat",
    category=Category.TRIGGER,
    icon="message-circle",
    summary="Starts when a visitor writes a message, and shows the answer.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="/{path}",
    trigger=TriggerKind.CHAT,
    output_example=(
        {
            "sessionId": "c4b7e2f0a91d4e6f8b3a5c7d9e1f2a4b",
            "chatInput": "Where is my order?",
            "action": "sendMessage",
            "messageId": "0b9f6a52-3f0e-4a1c-9a39-7d1c2b8a4e10",
            "files": [],
        },
    ),
)
