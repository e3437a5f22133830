"""The Slack node as a value."""

from functions.nodes.apps.slack.refusals import read
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App, Cursor, OptionsRequest, RequestSpec

PAGES = Cursor(query="cursor", at="response_metadata.next_cursor", size_query="limit", size=200)

CHANNELS = OptionsRequest(
    name="channels",
    request=RequestSpec(
        "GET",
        "/conversations.list",
        query=(("types", "public_channel,private_channel"), ("exclude_archived", "true")),
    ),
    items="channels",
    paging=PAGES,
    value="id",
    label="name",
    detail="purpose.value",
)

USERS = OptionsRequest(
    name="users",
    request=RequestSpec("GET", "/users.list"),
    items="members",
    paging=PAGES,
    value="id",
    label="real_name",
    detail="name",
)

APP = App(
    base_url="https://slack.com/api",
    credential=("slack_token", "slack_oauth2"),
    operations=operations_in(__package__),
    options=(CHANNELS, USERS),
    fine_when="ok",
    words_at="error",
    refusal=read,
    wait_seconds=10,
)

DOCS = """\
Posts and changes messages in a Slack workspace, uploads files, and works with channels, people and reactions.

**Channels.** Choose one, or write its id (`C...`). Lists need the scopes `channels:read` and `groups:read`. A private
channel must have the app as a member (`/invite @app`). A person's id (`U...`) as the channel sends a direct message.

**Texts.** In *Slack's mrkdwn* `*bold*`, `<@U024BE7LH>` and `<https://example.com|links>` are markup; `&`, `<` and `>`
that can only be text are escaped. *Markdown* (`**bold**`, lists, code, tables) is written in mrkdwn. In *plain text*
nothing is markup: take it for what strangers wrote, who could else mention everybody with `<!channel>`.

**Buttons** start a *Slack trigger* with *Button, menu or form*; blocks of any kind come from Slack's Block Kit
Builder.

**Errors** of Slack are answers whose status is 200; the node raises `HttpClientError` with Slack's code in
`details.code` (`not_in_channel`, `missing_scope` with the scopes that are missing), `HttpRateLimited` for
`ratelimited`, and `HttpServerError` for `internal_error` and the like. `DataTooLarge`: a text has more than 40,000
characters.

**Once.** Slack does not know a message that is posted again: after a time-out a retry may post it twice. Reactions
that are there already, or gone, are no errors.

**Example.** Message, Post: channel *orders*, text `Order {{ $json.id }} failed: {{ $json.error }}`.
"""

SPEC = app_node(
    APP,
    type="slack",
    name="Slack",
    icon="hash",
    summary="Posts messages, uploads files, and works with channels, people and reactions.",
    docs=DOCS,
    layers=("markup",),
    timeout_seconds=300,
    memory_mb=512,
)
