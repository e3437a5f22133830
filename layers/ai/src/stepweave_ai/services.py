"""Asking a provider's services in a step, other than chat: the account, what is used, and how much may be."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeVar

from stepweave.runtime import Step
from stepweave.spec.models import SERVICE_CREDENTIALS
from stepweave_ai.accounts import Account, account_of
from stepweave_ai.spending import Purse
from stepweave_ai.talking import Tokens

T = TypeVar("T")


class Services:
    """The services that a step asks. Its node's parameters are `stepweave.spec.models.ServiceParams`.

    Args:
        step: the step.
        types: the credential types of accounts that have the service.
    """

    def __init__(self, step: Step[Any], types: tuple[str, ...] = SERVICE_CREDENTIALS) -> None:
        self._step = step
        self._types = types
        money = step.constant("mostRunMoney")
        self._purse: Final = Purse(
            step.usage,
            step.budget(own=money is not None),
            lambda said: step.log("warning", said),
            most_money=None if money is None else Decimal(str(money)),
        )
        self._known: dict[str, tuple[Account, Any]] = {}

    def ask(self, call: Callable[[Any, float], T]) -> T:
        """Ask: `call` is given the services (`openai_services`, `bedrock_services`) and the seconds that it may take.

        Raises:
            NodeError: what `stepweave.spec.models.SERVICE_ERRORS` names, CredentialMissing, CredentialUnavailable.
        """
        self._purse.check()
        seconds = min(float(self._step.constant("timeoutSeconds")), self._step.remaining())
        return call(self._account()[1], seconds)

    def pay(self, model: str, tokens: Tokens, seconds: float = 0) -> None:
        """Tell of what an answer used."""
        self._purse.pay(self._account()[0], model, tokens, seconds)

    def _account(self) -> tuple[Account, Any]:
        id = str(self._step.constant("credential"))
        if id not in self._known:
            account = account_of(*self._step.credential_of(id, self._types))
            self._known.setdefault(id, (account, _services(account)))
        return self._known[id]


def _services(account: Account) -> Any:
    """Return the services of an account. Imports the SDK that it needs, and no other."""
    if account.provider == "bedrock":
        from stepweave_ai.bedrock_services import BedrockServices

        return BedrockServices(account)
    from stepweave_ai.openai_services import OpenAIServices

    return OpenAIServices(account)
