"""A bot of Telegram, by its token."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe, Rate
from stepweave.spec.fields import Kind, ui

DOCS = """\
Write `/newbot` to [@BotFather](https://t.me/BotFather): it gives the token (`123456789:AA...`). `/mybots` shows it
again, and `/revoke` gives a new one.

At most 25 requests in a second go with one bot: Telegram takes 30. In an *HTTP request*,
`https://api.telegram.org/{credential}/getMe` is the address with the token in its place.
"""


class Data(CredentialData):
    """The token."""

    label: str = ui("", title="Bot", kind=Kind.TEXT, help="Which bot it is; for you only.", max_length=200)
    token: str = ui(
        ...,
        title="Token",
        kind=Kind.SECRET,
        help="As @BotFather gives it: 123456789:AA…",
        max_length=200,
        pattern=r"^[0-9]+:[A-Za-z0-9_-]+$",
    )


CREDENTIAL = CredentialSpec(
    type="telegram_bot",
    name="Telegram bot",
    icon="send",
    summary="The token that @BotFather gives out for a bot.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "token"),
    on_request=OnRequest(path="bot{token}"),
    hosts=("api.telegram.org",),
    test=Probe(url="https://api.telegram.org/{credential}/getMe", wrong_when="ok"),
    rate=Rate("25", "1"),
)
