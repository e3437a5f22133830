"""The secret with which a sender signs its webhooks."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """The secret, and the one before it while it is changed."""

    label: str = ui(
        "",
        title="Sender",
        kind=Kind.TEXT,
        placeholder="Stripe, live mode",
        help="For you, to tell secrets apart.",
        max_length=100,
    )
    secret: str = ui(
        ...,
        title="Signing secret",
        kind=Kind.SECRET,
        help="As the sender shows it: of Stripe and Svix with whsec_.",
        min_length=1,
        max_length=4000,
        pattern=r"^\S(.*\S)?$",
    )
    former_secret: str = ui(
        "",
        title="Former secret",
        kind=Kind.SECRET,
        help="Holds, too, while the sender changes over. Empty it afterwards.",
        max_length=4000,
        pattern=r"^(\S(.*\S)?)?$",
    )


CREDENTIAL = CredentialSpec(
    type="webhook_secret",
    name="Webhook signing secret",
    icon="signature",
    summary="The secret with which a sender signs what it sends.",
    data=Data,
    hint=("{label}", "signing secret"),
)
