"""Asks a language model for each item."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.ai.language_model.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.placing import placed
from stepweave.spec.models import MODEL_CREDENTIALS

if TYPE_CHECKING:
    from stepweave_ai.accounts import Account
    from stepweave_ai.talking import Answer, ChatModel, Request

_NO_FALLBACK: Final = frozenset(
    {"SpendingLimit", "ContentRefused", "ParameterInvalid", "SchemaInvalid", "DataTooLarge"}
)
"""What another model would not do otherwise, or should not be asked for behind a refusal."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with the model's answers."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from functions.nodes.ai.language_model.asking import request_of
    from stepweave_ai.spending import Purse

    money = step.constant("mostRunMoney")
    purse = Purse(
        step.usage,
        most_tokens=step.constant("mostRunTokens"),
        most_money=None if money is None else Decimal(str(money)),
    )
    models = _Models(step)

    def work(entry: Entry[Params]) -> list[Item]:
        request = request_of(entry.params, entry.item, step.open_file)
        first = _Asking(step, entry, purse, *models.of(str(step.constant("credential"))))
        try:
            value = first.value(request)
        except NodeError as error:
            fallback = entry.params.fallback_model.strip()
            if not fallback or type(error).__name__ in _NO_FALLBACK:
                raise
            step.log("warning", f"{request.model} did not answer, so {fallback} is asked: {error.message}")
            account = str(step.constant("fallbackCredential") or step.constant("credential"))
            second = _Asking(step, entry, purse, *models.of(account))
            value = second.value(replace(request, model=fallback))
        return [placed(entry.item, entry.params.output_field, value)]

    return step.each(work, concurrency=int(step.constant("concurrency")))


class _Models:
    """The models of accounts, each made once: connections and what a server was found not to take stay with them."""

    def __init__(self, step: Step[Params]) -> None:
        self._step = step
        self._known: dict[str, tuple[Account, ChatModel]] = {}

    def of(self, credential: str) -> "tuple[Account, ChatModel]":
        """Return an account and its models. Raises CredentialMissing, CredentialUnavailable."""
        from stepweave_ai.accounts import account_of
        from stepweave_ai.providers import chat_model

        if credential not in self._known:
            account = account_of(*self._step.credential_of(credential, MODEL_CREDENTIALS))
            self._known.setdefault(credential, (account, chat_model(account)))
        return self._known[credential]


class _Asking:
    """Asking one model for one item."""

    def __init__(
        self, step: Step[Params], entry: Entry[Params], purse: Any, account: "Account", model: "ChatModel"
    ) -> None:
        self._step, self._entry, self._purse = step, entry, purse
        self._account, self._model = account, model

    def value(self, request: "Request") -> Any:
        """Return the answer, text or JSON. Raises NodeError."""
        from stepweave_ai.talking import Stop

        params = self._entry.params
        if params.output == "json":
            return self._structured(request)
        answer = self._ask(request, lambda text: self._step.partial(text, self._entry.index))
        if answer.stop is Stop.LENGTH:
            self._step.log("warning", f"The answer of {answer.model} was cut: it reached the most tokens it may have.")
        return answer.text

    def _structured(self, request: "Request") -> Any:
        from functions.nodes.ai.language_model.checking import check_of, schema_of
        from stepweave_ai.structured import Wanted, structured

        params = self._entry.params
        schema = schema_of(params.json_schema)
        wanted = Wanted(schema, check_of(schema), params.repairs)
        said: Callable[[str], None] = lambda text: self._step.partial(text, self._entry.index)  # noqa: E731
        return structured(lambda made: self._ask(made, said), request, wanted, keeps_schemas=self._model.keeps_schemas)

    def _ask(self, request: "Request", said: Callable[[str], None]) -> "Answer":
        self._purse.check()
        seconds = min(self._entry.params.timeout_seconds, self._step.remaining())
        return self._model.answer(
            request, said, lambda tokens: self._purse.pay(self._account, request.model, tokens), seconds=seconds
        )
