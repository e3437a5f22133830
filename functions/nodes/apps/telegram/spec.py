"""The Telegram node as a value."""

from functions.nodes.apps.telegram.refusals import read
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App

APP = App(
    base_url="https://api.telegram.org",
    credential="telegram_bot",
    operations=operations_in(__package__),
    fine_when="ok",
    words_at="description",
    refusal=read,
    wait_seconds=10,
)

DOCS = """\
Lets a bot send messages and files, change them, and look at chats.

**Chats.** Telegram has no list of a bot's chats. The *Telegram trigger* gives the chat with each message
(`{{ $json.message.chat.id }}`); ids of groups are negative. Nobody can be written to who has not written to the bot.

**Texts.** Plain text is sent as it is. *Markdown* is what language models and people write (`**bold**`, lists, code,
tables as text of fixed width); *HTML* has Telegram's tags, and tags that Telegram lacks count for nothing. The node
takes the markup apart itself and sends styles beside the text, so nothing that an expression brings in can break a
message. A text of more than 4096 characters is sent in several messages, cut between paragraphs, or refused.

**Files.** One of the item's files (up to 50 MB, photos 10 MB; sent piece by piece), a public URL that Telegram fetches
(20 MB, photos 5 MB), or the id of a file that this bot got.

**Buttons** tell the bot something: a *Telegram trigger* with *A button was pressed* starts, and should answer with
*Callback: Answer*, else the button keeps spinning.

**Once.** Telegram does not know a message that is sent again: after a time-out a retry may send it twice.

**Too large.** `DataTooLarge`: text, caption or file is larger than Telegram takes.

**Example.** Message, Send: chat `{{ $json.message.chat.id }}`, text `**{{ $json.answer }}**`, written as *Markdown*.
"""

SPEC = app_node(
    APP,
    type="telegram",
    name="Telegram",
    icon="send",
    summary="Sends, changes and deletes messages and files of a bot, and looks at chats.",
    docs=DOCS,
    layers=("markup",),
    timeout_seconds=300,
    memory_mb=512,
)
