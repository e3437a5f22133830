"""OpenAI's SDK for an account, over connections of our own."""

import openai

from stepweave_ai.accounts import Account
from stepweave_ai.network import client


def openai_client(account: Account) -> openai.OpenAI:
    """Return the SDK's client of an account; it does not retry, as the platform does."""
    return openai.OpenAI(
        api_key=account.key or "none",  # servers of one's own want none; the SDK insists
        base_url=account.base_url,
        organization=account.organization or None,
        max_retries=0,
        http_client=client(),
    )
