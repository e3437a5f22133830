"""Which models an account with Bedrock has, and whether its key works."""

from collections.abc import Iterator
from typing import Any, Final

from stepweave.runtime.options import Option
from stepweave_ai.accounts import Account
from stepweave_ai.bedrock_client import aws_client, silent_for
from stepweave_ai.bedrock_failures import of_models, parsed, translated
from stepweave_ai.errors import ModelAccessDenied

_PAGE: Final = 1000
_MOST_PAGES: Final = 10


def models(account: Account, seconds: float, *, gives: str = "TEXT", fresh: bool = False) -> list[Option]:
    """Return the models that can be asked by name, and the inference profiles, by name.

    Args:
        account: of Bedrock.
        seconds: for each request.
        gives: what models give, as AWS calls it: `TEXT`, `EMBEDDING`. Profiles do not say, so all are there.
        fresh: whether its role is taken on anew.

    Raises:
        NodeError: one of `stepweave_ai.errors`, ConnectionFailed, AddressForbidden, CredentialMissing.
    """
    asked = of_models(account)
    with translated(asked, ""), silent_for(seconds):
        client = aws_client(account, "bedrock", fresh=fresh)
        with parsed(asked):
            found = list(_own(client, gives))
        try:
            with translated(asked, ""), parsed(asked):
                found += _profiles(client)
        except ModelAccessDenied:
            # A right of its own, which a key may lack; profiles can be typed.
            return found
    return sorted(found, key=lambda option: option.value)


def _own(client: Any, gives: str) -> Iterator[Option]:
    listed = client.list_foundation_models(byOutputModality=gives)["modelSummaries"]
    for model in listed:
        if "ON_DEMAND" in model.get("inferenceTypesSupported", ()):
            about = " ".join(filter(None, (model.get("providerName"), model.get("modelName"))))
            yield Option(model["modelId"], detail=about)


def _profiles(client: Any) -> Iterator[Option]:
    for kind in ("SYSTEM_DEFINED", "APPLICATION"):
        more: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            page = client.list_inference_profiles(typeEquals=kind, maxResults=_PAGE, **more)
            for profile in page["inferenceProfileSummaries"]:
                # One of the account's own is asked by its ARN.
                name = "inferenceProfileArn" if kind == "APPLICATION" else "inferenceProfileId"
                yield Option(profile[name], detail=profile.get("inferenceProfileName") or "")
            more = {"nextToken": page.get("nextToken")}
            if not more["nextToken"]:
                break
