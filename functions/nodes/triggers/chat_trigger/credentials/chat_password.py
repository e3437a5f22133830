"""The password of a chat, which its visitors share."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """The password, and what it is called here."""

    label: str = ui(
        "",
        title="For whom",
        kind=Kind.TEXT,
        placeholder="Customers, 2026",
        help="For you, to tell passwords apart.",
        max_length=100,
    )
    password: str = ui(
        ...,
        title="Password",
        kind=Kind.SECRET,
        help="Who is to use the chat gets it from you. Changing it ends all sessions that began with the former one.",
        min_length=8,
        max_length=200,
    )


CREDENTIAL = CredentialSpec(
    type="chat_password",
    name="Password of a chat",
    icon="key-round",
    summary="The password that lets visitors into a chat.",
    data=Data,
    hint=("{label}", "password of a chat"),
)
