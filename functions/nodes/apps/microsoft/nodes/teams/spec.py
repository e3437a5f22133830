"""The Teams node as a value."""

from functions.nodes.apps.microsoft.graph import microsoft_app, unsized
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import OptionsRequest, RequestSpec

TEAMS = OptionsRequest(
    name="teams",
    request=RequestSpec("GET", "/me/joinedTeams"),
    items="value",
    paging=unsized(),
    value="id",
    label="displayName",
)
CHANNELS = OptionsRequest(
    name="channels",
    request=RequestSpec("GET", "/teams/{team}/channels"),
    items="value",
    paging=unsized(),
    value="id",
    label="displayName",
    detail="membershipType",
)
PLANS = OptionsRequest(
    name="plans",
    request=RequestSpec("GET", "/me/planner/plans"),
    items="value",
    paging=unsized(),
    value="id",
    label="title",
)
BUCKETS = OptionsRequest(
    name="buckets",
    request=RequestSpec("GET", "/planner/plans/{plan}/buckets"),
    items="value",
    paging=unsized(),
    value="id",
    label="name",
)

APP = microsoft_app(operations_in(__package__), (TEAMS, CHANNELS, PLANS, BUCKETS))

DOCS = """\
Works with Teams of Microsoft 365: messages in channels and chats, channels, and tasks of Planner.

Messages are written as the person whose account is connected. Microsoft lets no app by itself write any, and wants an
administrator's consent (`ChannelMessage.Read.All`) before those of channels can be listed.

**Sending** is done once: where no answer comes, the node fails with `OutcomeUnknown` and does not try again by itself.

**Example.** Message, Send: team *Sales*, channel *Orders*, text `Order {{ $json.id }} is paid.`
"""

SPEC = app_node(
    APP,
    type="microsoft_teams",
    name="Microsoft Teams",
    icon="messages-square",
    summary="Writes into channels and chats, makes channels, and keeps tasks.",
    docs=DOCS,
    errors=("OutcomeUnknown",),
)
