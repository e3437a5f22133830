"""The Telegram trigger as a value."""

from typing import Final, Literal

from functions.nodes.apps.telegram.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS
from stepweave.spec.triggers import credential_field, receiving_trigger

UPDATES: Final = (
    ("message", "A message was sent"),
    ("edited_message", "A message was changed"),
    ("callback_query", "A button was pressed"),
    ("channel_post", "Something was posted in a channel"),
    ("edited_channel_post", "A post in a channel was changed"),
    ("message_reaction", "Somebody reacted to a message"),
    ("chat_member", "Somebody joined or left a chat"),
    ("my_chat_member", "The bot was added, removed or blocked"),
    ("chat_join_request", "Somebody asked to join"),
    ("inline_query", "Somebody asked the bot inline"),
    ("poll_answer", "Somebody answered a poll"),
    ("pre_checkout_query", "Somebody is about to pay"),
)


class Update(NodeParams):
    """One kind of update."""

    kind: Literal[
        "message",
        "edited_message",
        "callback_query",
        "channel_post",
        "edited_channel_post",
        "message_reaction",
        "chat_member",
        "my_chat_member",
        "chat_join_request",
        "inline_query",
        "poll_answer",
        "pre_checkout_query",
    ] = ui("message", title="When", kind=Kind.SELECT, expression=False, options=UPDATES)


class Params(NodeParams):
    """Which bot, and what of it."""

    credential: str = credential_field(APP.credential)
    updates: list[Update] = ui(
        ...,
        title="Starts when",
        kind=Kind.COLLECTION,
        help="Any of these starts the workflow.",
        min_length=1,
        max_length=len(UPDATES),
    )
    chats: str = ui(
        "",
        title="Only from",
        kind=Kind.TEXT,
        expression=False,
        placeholder="42, -1001234567890, @ada",
        help="Ids of chats or people, or @names, separated by commas. Empty: anybody who finds the bot.",
        max_length=2000,
    )
    files: bool = ui(
        False,
        title="Get files",
        kind=Kind.BOOLEAN,
        expression=False,
        help="What is sent with a message comes along as binary.data, up to 20 MB.",
    )
    take_over: bool = ui(
        False,
        title="Take the bot over",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Publish though the bot tells another address of its messages, which then hears nothing more.",
        group="options",
    )
    drop_waiting: bool = ui(
        False,
        title="Forget what waits",
        kind=Kind.BOOLEAN,
        expression=False,
        help="What was sent to the bot before it is published starts nothing.",
        group="options",
    )


DOCS = """\
Starts the workflow with what people write to a bot, or do with it. Publishing tells Telegram where to call;
unpublishing takes that back. Telegram calls public `https` addresses only.

**One address for each bot.** Telegram tells one address alone. So a bot belongs to one trigger: publishing with a bot
that tells another workflow, or another program, is refused with `BotTaken`, unless *Take the bot over* is on. Listening
for a test is refused while a published workflow has the bot, as nothing would come there meanwhile: test with a second
bot. Who reads messages by `getUpdates` is shut out by Telegram as long as a trigger has the bot. To have several
workflows, start them from one with *Execute workflow*.

**Output.** One item for each update, as Telegram sends it (`update_id`, and `message`, `callback_query`, ... by its
kind), and `kind`. An album comes as several updates with one `media_group_id`. With *Get files* `binary.data` is what
was sent with the message, of photos the largest; where it could not be had, `fileError` says why.

**Groups.** In groups a bot is told only of commands, replies and mentions, unless its privacy mode is switched off at
@BotFather. Of members and reactions only administrators are told.

**Once.** Calls carry a secret of the registration's, and are refused without it. An update that comes again starts
nothing again.

**Errors.** They arise when publishing, which then changes nothing: `BotTaken`; `HttpClientError` when Telegram refuses
the token or the address; `HttpRateLimited`, `HttpServerError`, `RequestTimeout` when it cannot answer now;
`ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects` when what answers is not Telegram.

**Example.** *A message was sent*; then *Telegram*, Message, Send to `{{ $json.message.chat.id }}`.
"""

SPEC = receiving_trigger(
    APP,
    type="telegram_trigger",
    name="Telegram trigger",
    icon="send",
    summary="Starts the workflow with what people write to a bot, or do with it.",
    docs=DOCS,
    params=Params,
    errors=("BotTaken", *HTTP_ERRORS),
    memory_mb=512,
    output_example=(
        {
            "kind": "message",
            "update_id": 10000,
            "message": {
                "message_id": 7,
                "date": 1767225600,
                "chat": {"id": 42, "type": "private", "first_name": "Ada"},
                "from": {"id": 42, "is_bot": False, "first_name": "Ada", "language_code": "en"},
                "text": "Where is my order?",
            },
        },
    ),
)
