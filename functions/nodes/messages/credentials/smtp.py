"""A mail server that takes messages."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where the server is, and who sends."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="smtp.example.com", min_length=1, max_length=4000)
    port: int = ui(587, title="Port", kind=Kind.NUMBER, ge=1, le=65535)
    user: str = ui("", title="User", kind=Kind.TEXT)
    password: str = ui("", title="Password", kind=Kind.SECRET)
    security: Literal["none", "starttls", "tls"] = ui(
        "starttls",
        title="Encryption",
        kind=Kind.SELECT,
        options=[("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "None")],
    )
    sender: str = ui(
        "", title="From address", kind=Kind.TEXT, placeholder="orders@example.com", alias="from", max_length=320
    )


CREDENTIAL = CredentialSpec(
    type="smtp",
    name="Mail server (SMTP)",
    icon="mail",
    summary="A server that sends mail (SMTP).",
    data=Data,
    hint=("{host}:{port}",),
    sent_to=("{host}:{port}",),
)
