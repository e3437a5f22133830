"""Asking models in a step: accounts, words shown as they come, what is used, a model to fall back on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError
from stepweave.spec.models import MODEL_CREDENTIALS, ModelParams
from stepweave_ai.accounts import Account, account_of
from stepweave_ai.checking import check_of, schema_of
from stepweave_ai.providers import chat_model
from stepweave_ai.spending import Purse
from stepweave_ai.structured import Wanted, structured
from stepweave_ai.talking import Answer, ChatModel, Request, Said, Stop

T = TypeVar("T")
_NO_FALLBACK: Final = frozenset(
    {
        "SpendingLimit",
        "BudgetExceeded",
        "StoreUnavailable",
        "ContentRefused",
        "ParameterInvalid",
        "SchemaInvalid",
        "DataTooLarge",
    }
)
"""What another model would not do otherwise, or should not be asked for behind a refusal."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an item is asked for.

    Attributes:
        index: of the item.
        seconds: for one whole answer.
        fallback: the model that is asked where the first cannot answer; "" for none.
        shows: whether the words are shown as they come.
    """

    index: int
    seconds: float
    fallback: str = ""
    shows: bool = True

    @classmethod
    def of(cls, index: int, params: ModelParams, *, shows: bool = True) -> "Way":
        """Return how the parameters of an item's node say that it is asked for."""
        return cls(index, params.timeout_seconds, params.fallback_model.strip(), shows)


class Models:
    """The models that a step asks. Its node's parameters are `stepweave.spec.models.ModelParams`."""

    def __init__(self, step: Step[Any]) -> None:
        self._step = step
        tokens, money = step.constant("mostRunTokens"), step.constant("mostRunMoney")
        self._purse = Purse(
            step.usage,
            step.budget(own=tokens is not None or money is not None),
            lambda said: step.log("warning", said),
            most_tokens=tokens,
            most_money=None if money is None else Decimal(str(money)),
        )
        self._known: dict[str, tuple[Account, ChatModel]] = {}

    def text(self, request: Request, way: Way) -> str:
        """Return a model's words; a warning in the log says where they were cut at their most tokens.

        Raises:
            NodeError: what `stepweave.spec.models.MODEL_ERRORS` names, CredentialMissing, CredentialUnavailable.
        """

        def asked(one: "_One", request: Request) -> str:
            answer = one.ask(request)
            if answer.stop is Stop.LENGTH:
                said = f"The answer of {answer.model} was cut: it reached the most tokens that it may have."
                self._step.log("warning", said)
            return answer.text

        return self._asked(request, way, asked)

    def answer(self, request: Request, way: Way) -> Answer:
        """Return a model's whole answer: its words, and the tools that it wants to be used. Raises as `text` does."""
        return self._asked(request, way, lambda one, request: one.ask(request))

    def carry(self, tokens: int, money: Decimal) -> None:
        """Count what was used before this step towards what the run may use."""
        self._purse.carry(tokens, money)

    def spent_for(self, index: int) -> tuple[int, Decimal]:
        """Return the tokens and the money (in US dollars) used for an item since this was asked last."""
        return self._purse.spent_for(index)

    def json(self, request: Request, way: Way, schema: Any, repairs: int) -> Any:
        """Return JSON that keeps to a schema.

        Args:
            request: what to ask.
            way: how.
            schema: an object, or its JSON text.
            repairs: how often a model is told where its answer does not keep to the schema.

        Raises:
            NodeError: as `text` does; AnswerInvalid, SchemaInvalid.
        """
        read = schema_of(schema)
        wanted = Wanted(read, check_of(read), repairs)

        def asked(one: "_One", request: Request) -> Any:
            return structured(one.ask, request, wanted, keeps_schemas=one.model.keeps_schemas)

        return self._asked(request, way, asked)

    def _asked(self, request: Request, way: Way, asked: "Callable[[_One, Request], T]") -> T:
        try:
            return asked(self._one(str(self._step.constant("credential")), way), request)
        except NodeError as error:
            if not way.fallback or type(error).__name__ in _NO_FALLBACK:
                raise
            said = f"{request.model} did not answer, so {way.fallback} is asked: {error.message}"
            self._step.log("warning", said)
        account = str(self._step.constant("fallbackCredential") or self._step.constant("credential"))
        return asked(self._one(account, way), replace(request, model=way.fallback))

    def _one(self, credential: str, way: Way) -> "_One":
        """Return the models of a credential, made once: what a server was found not to take stays with them."""
        if credential not in self._known:
            account = account_of(*self._step.credential_of(credential, MODEL_CREDENTIALS))
            self._known.setdefault(credential, (account, chat_model(account)))
        return _One(self._step, self._purse, way, *self._known[credential])


@dataclass(frozen=True, slots=True)
class _One:
    """An account's models, asked for one item."""

    step: Step[Any]
    purse: Purse
    way: Way
    account: Account
    model: ChatModel

    def ask(self, request: Request) -> Answer:
        """Ask once, and pay. Raises NodeError."""
        self.purse.check()
        said: Said = self._show if self.way.shows else _nobody
        return self.model.answer(
            request,
            said,
            lambda tokens: self.purse.pay(self.account, request.model, tokens, index=self.way.index),
            seconds=min(self.way.seconds, self.step.remaining()),
        )

    def _show(self, text: str) -> None:
        self.step.partial(text, self.way.index)


def _nobody(text: str) -> None:
    """Show nothing."""
