"""The Discord node as a value."""

from functions.nodes.apps.discord.refusals import read
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App, OptionsRequest, RequestSpec

APP = App(
    base_url="https://discord.com/api/v10",
    credential=("discord_webhook", "discord_bot"),
    operations=operations_in(__package__),
    options=(
        OptionsRequest(name="servers", request=RequestSpec("GET", "/users/@me/guilds"), value="id", label="name"),
        OptionsRequest(
            name="channels",
            request=RequestSpec("GET", "/guilds/{server}/channels"),
            value="id",
            label="name",
            detail="topic",
        ),
        OptionsRequest(name="roles", request=RequestSpec("GET", "/guilds/{server}/roles"), value="id", label="name"),
    ),
    headers=(("User-Agent", "DiscordBot (https://stepweave.dev, 1)"),),
    refusal=read,
    wait_seconds=15,
)

DOCS = """\
Posts messages in Discord by a webhook or a bot, and works with reactions, threads, channels, members and roles.

**Which credential.** A *webhook* belongs to one channel and is set up in a minute: it does what stands under *Webhook*.
A *bot* does the rest, in every server that it was added to.

**Texts** are Discord's Markdown. One of more than 2000 characters is sent in several messages, cut between paragraphs
and lines (code that is cut is closed and opened again), or refused. `@everyone` and other mentions tell nobody unless
*Mentions reach* says so.

**Buttons.** *Components* are rows of buttons; those that open a URL (`style` 5) work everywhere.

**Once.** A bot's message carries a mark by which Discord knows one that is sent again for some minutes, and does not
post it twice. Webhooks have none.

**Rates.** Where Discord says when to ask again, the node waits up to 15 seconds by itself; longer waits are left to the
node's retries (`HttpRateLimited`).

**Too large.** `DataTooLarge`: text, embeds (6000 characters in all) or a file (10 MB) is larger than Discord takes.

**Example.** Webhook, Send: text `Build {{ $json.number }} **failed**`.
"""

SPEC = app_node(
    APP,
    type="discord",
    name="Discord",
    icon="messages-square",
    summary="Posts messages by a webhook or a bot, and works with channels, threads, members and roles.",
    docs=DOCS,
    timeout_seconds=300,
    memory_mb=512,
)
