"""A bot of Discord, by its token."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
Make an application at [discord.com/developers](https://discord.com/developers/applications); under **Bot** press
**Reset Token** and copy it. Under **OAuth2, URL Generator** choose *bot* and what it may do, and open the address to
add it to a server. To read what messages say and to list members, switch on *Message Content Intent* and *Server
Members Intent*.
"""


class Data(CredentialData):
    """The token."""

    label: str = ui("", title="Bot", kind=Kind.TEXT, help="Which one it is; for you only.", max_length=200)
    token: str = ui(..., title="Token", kind=Kind.SECRET, min_length=20, max_length=200, pattern=r"^[\w.-]+$")


CREDENTIAL = CredentialSpec(
    type="discord_bot",
    name="Discord bot",
    icon="bot",
    summary="The token of a bot, which works in all servers that it was added to.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "token"),
    on_request=OnRequest(headers=(("Authorization", "Bot {token}"),)),
    hosts=("discord.com",),
    test=Probe(url="https://discord.com/api/v10/users/@me"),
)
