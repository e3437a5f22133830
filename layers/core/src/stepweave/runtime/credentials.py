"""Credentials for a step: asked of the vault function, which alone may decrypt them. Never in a log or an event."""

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from stepweave.aws import Aws, AwsError
from stepweave.aws.passes import Who, request_by, tenant_of
from stepweave.runtime.authentication import Authentication, Types
from stepweave.runtime.errors import (
    ContextRefused,
    CredentialMissing,
    CredentialTypeMismatch,
    CredentialUnavailable,
    NodeError,
)
from stepweave.runtime.pacing import Pacer, Rate
from stepweave.spec.credential_parts import ANY

KEPT_SECONDS: Final = 30.0
"""How long a worker keeps a credential: a list of items asks once, and a changed credential counts soon."""

MOST_KEPT: Final = 200
"""Answers that a worker keeps before it forgets those whose time is over."""

SECONDS: Final = 30.0
"""For the vault's answer, which may have to renew a token first."""

_ERRORS: Final[dict[str, type[NodeError]]] = {
    error.__name__: error for error in (CredentialUnavailable, CredentialTypeMismatch, ContextRefused)
}
"""Of the vault's codes; any other is CredentialMissing."""

Invoke = Callable[[dict[str, Any]], Any]
"""Asks the vault: request to answer. Raises AwsError."""


def vault_function() -> Invoke:
    """Return the call of the vault function that the environment names.

    Raises:
        CredentialUnavailable: when called, where the variable is not set.
    """

    def invoke(request: dict[str, Any]) -> Any:
        name = os.environ.get("STEPWEAVE_VAULT_FUNCTION")
        if not name:
            raise CredentialUnavailable("STEPWEAVE_VAULT_FUNCTION is not set.", "Deploy the node with credentials.")
        return Aws.shared().functions.invoke(name, request, timeout=SECONDS)

    return invoke


class Vault:
    """Asks for credentials, and remembers them for a short while by who asked and id."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._kept: dict[tuple[str, str, str, Types], tuple[float, dict[str, Any]]] = {}
        self._pacer: Pacer | None = None

    def get(
        self, who: Who, credential_id: str, type: Types, refused: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return a credential's data (contracts.md, "Credential types").

        Args:
            who: whose execution asks, with the pass for it (`stepweave.aws.passes`).
            credential_id: as the node's parameter names it.
            type: the credential type the node needs, or those that it takes.
            refused: data that `get` gave, and whose `accessToken` a server would not take: it is renewed, once for all
                who ask. The same data comes back where it cannot be.

        Raises:
            CredentialMissing: none is chosen, or it is not there.
            CredentialTypeMismatch: it is of another type.
            CredentialUnavailable: the vault could not be asked.
        """
        return self.opened(who, credential_id, type, refused)[1]

    def opened(
        self, who: Who, credential_id: str, type: Types, refused: Mapping[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Return a credential's type and its data. Arguments and errors as of `get`."""
        answer = self._answer(who, credential_id, type)
        if refused is not None and answer["data"].get("accessToken") == refused.get("accessToken"):
            answer = self._answer(who, credential_id, type, answer.get("token", ""))
        return str(answer.get("type") or (type if isinstance(type, str) else type[0])), answer["data"]

    def authentication(self, who: Who, credential_id: str, type: Types, refused: str = "") -> Authentication:
        """Return how a credential goes with a request. Arguments and errors as of `get`.

        Args:
            who: whose execution asks, with the pass for it (`stepweave.aws.passes`).
            credential_id: as the node's parameter names it.
            type: the credential type the node needs, or those that it takes.
            refused: the `token` of the authentication that a server answered with 401: it is renewed, once for all
                who ask. Ask so where `token` is not empty, and send the request once more.

        Raises:
            CredentialTypeMismatch: also where its type is none for HTTP.
        """
        answer = self._answer(who, credential_id, type, refused)
        request = answer.get("request")
        if request is None:
            raise CredentialTypeMismatch(
                f"A credential of type {_named(type)} cannot be sent with an HTTP request.",
                "Choose another credential.",
            )
        return Authentication(
            tuple((name, value) for name, value in request["headers"]),
            tuple((name, value) for name, value in request["query"]),
            tuple(answer["hosts"]),
            answer.get("token", ""),
            self._pace(who, credential_id, answer.get("rate")),
            str(request.get("path", "")),
            tuple(request["digest"]) if request.get("digest") else None,
        )

    def _pace(self, who: Who, credential_id: str, rate: Any) -> Callable[[float], None] | None:
        """Return what waits for the turns of a credential's requests; None where it has no rate."""
        if not rate:
            return None
        pacer = self._pacer = self._pacer or Pacer(self._invoke)
        return partial(pacer.wait, who, credential_id, Rate(int(rate[0]), float(rate[1])))

    def kept(self, who: Who, registration_id: str) -> dict[str, Any]:
        """Return what a trigger's `activate` gave (contracts.md, "Triggers with code"); nothing is remembered.

        Raises:
            CredentialMissing: the registration is gone, or has nothing.
            CredentialUnavailable: the vault could not be asked.
        """
        answer = self._asked(request_by(who, registrationId=registration_id))
        if isinstance(answer, dict) and isinstance(answer.get("kept"), dict):
            kept: dict[str, Any] = answer["kept"]
            return kept
        raise CredentialMissing("The trigger's registration is gone.", "Publish the workflow again.")

    def _asked(self, request: dict[str, Any]) -> Any:
        try:
            return self._invoke(request)
        except AwsError as error:
            # The service's words may quote the function's, so only the code goes on.
            raise CredentialUnavailable(
                f"The credential could not be read ({error.code}).",
                "Try again; if it stays so, the platform's operator must look at the vault function.",
            ) from error

    def _answer(self, who: Who, credential_id: str, type: Types, refused: str = "") -> dict[str, Any]:
        if not credential_id:
            words = "a credential" if type == ANY else f"a credential of type {_named(type)}"
            raise CredentialMissing("No credential is chosen.", f"Choose {words} in the node.")
        # By execution, too: the vault sees who reads, and nobody has what another execution was given.
        execution = "" if isinstance(who, str) else str(who.get("signature") or who.get("executionId") or "")
        key = (tenant_of(who), execution, credential_id, type)
        kept = self._kept.get(key)
        is_refused = bool(refused) and kept is not None and kept[1].get("token") == refused
        if kept and kept[0] > time.monotonic() and not is_refused:
            return kept[1]
        self._kept.pop(key, None)
        wanted: dict[str, Any] = {"type": type} if isinstance(type, str) else {"types": list(type)}
        request = request_by(who, credentialId=credential_id, **wanted)
        if refused:
            request["refused"] = refused
        answer = self._asked(request)
        checked = self._checked(answer, type)
        self._keep(key, checked)
        return checked

    def _keep(self, key: tuple[str, str, str, Types], answer: dict[str, Any]) -> None:
        moment = time.monotonic()
        if len(self._kept) >= MOST_KEPT:
            self._kept = {one: kept for one, kept in self._kept.items() if kept[0] > moment}
        self._kept[key] = (moment + KEPT_SECONDS, answer)

    @staticmethod
    def _checked(answer: Any, type: Types) -> dict[str, Any]:
        if isinstance(answer, dict) and isinstance(answer.get("data"), dict):
            wanted = (type,) if isinstance(type, str) else type
            if "type" in answer and answer["type"] not in wanted and ANY not in wanted:
                raise CredentialTypeMismatch(
                    f"The credential is of type {answer['type']}, but the node needs {_named(type)}.",
                    "Choose another credential in the node.",
                )
            return answer
        error = answer.get("error") if isinstance(answer, dict) else None
        told = error if isinstance(error, dict) else {}
        kind = _ERRORS.get(str(told.get("code")), CredentialMissing)
        raise kind(
            str(told.get("message") or "The credential is not there."),
            str(told.get("remedy") or "Choose an existing credential in the node."),
        )


def _named(type: Types) -> str:
    return type if isinstance(type, str) else " or ".join(type)
