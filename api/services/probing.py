"""Tries a credential out with the request that its type has for it. Its secrets are never quoted."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from api import codes, ports
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services import secret_stores
from api.services.credentials import entry_of, found
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.runtime.authentication import Authentication
from stepweave.runtime.credentials import Invoke, Vault
from stepweave.runtime.errors import NodeError, sentences
from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.credential_parts import Probe
from stepweave.spec.secret_references import STORES
from stepweave.spec.templates import TemplateUnfilled, filled_json, filled_url
from stepweave_data.oauth2.grants import safe_words
from stepweave_data.oauth2.replies import NoReply, Reply
from stepweave_data.secrets.errors import CredentialError
from stepweave_data.vaulting import KeyService

_ASK_SECONDS: Final = 15.0
_WORDS: Final = ("error_description", "message", "error", "detail", "title", "description")
"""Where JSON errors say what is wrong, the clearest first."""


@dataclass(frozen=True)
class Verdict:
    """Whether it works, and in whose words; `status` is 0 where no server answered, or none was asked."""

    works: bool
    message: str
    status: int = 0


@dataclass(frozen=True)
class Probing:
    """Tries credentials out. `vault` opens them, and renews their tokens; `functions` log in where HTTP does not."""

    vault: Invoke
    functions: Callable[[], ports.NodeFunctions]
    keys: Callable[[], KeyService]

    def probe(self, principal: Principal, credential_id: uuid.UUID, path: str = "") -> Verdict:
        """Return whether a credential works; a store of secrets, with a path, whether that secret is there.

        Raises:
            Refused: not_found, not_allowed, not_testable.
        """
        with rows_of(principal.tenant_id) as rows:
            credential = found(rows, credential_id)
        entry = entry_of(credential.type)
        if entry.type in STORES:
            return self._store(principal.tenant_id, credential_id, path)
        if entry.tested_by:
            return self._logged_in(entry, str(principal.tenant_id), str(credential_id))
        if entry.test is None and entry.oauth2 is None:
            raise Refused(codes.NOT_TESTABLE, f"There is no test for credentials of type {entry.name}.")
        return self._verdict(entry, str(principal.tenant_id), str(credential_id))

    def _store(self, tenant_id: uuid.UUID, id: uuid.UUID, path: str) -> Verdict:
        """Ask a store itself: no node can have it, so none tries it out."""
        try:
            return Verdict(True, secret_stores.tried(tenant_id, id, path, self.keys()))
        except CredentialError as error:
            return Verdict(False, sentences(str(error), error.remedy))

    def _logged_in(self, entry: CredentialEntry, tenant_id: str, id: str) -> Verdict:
        """Have the function of a node try it out: the same code, from the same place, as will use it."""
        node = {"id": "", "name": entry.name, "type": entry.tested_by, "version": 1}
        payload = {
            "ask": "test",
            "tenantId": tenant_id,
            "workflowId": "",
            "node": node,
            "params": {},
            "given": {"credential": id},
        }
        try:
            answer = self.functions().ask(entry.tested_by, 1, payload, _ASK_SECONDS, repeatable=True)
        except AskFailed as error:
            return Verdict(False, sentences(error.message, error.remedy))
        except AwsError:
            return Verdict(False, "It could not be tried out. Try again in a moment.")
        return Verdict(True, str(answer.get("message", "")) if isinstance(answer, dict) else "It works.")

    def _verdict(self, entry: CredentialEntry, tenant_id: str, id: str) -> Verdict:
        vault = Vault(self.vault)
        try:
            data = vault.get(tenant_id, id, entry.type)
            url = filled_url(entry.test.url, data) if entry.test else None
            if entry.test is None or url is None:
                if entry.oauth2 is None:
                    raise Refused(codes.NOT_TESTABLE, "Fill in the test address of the credential to test it.")
                return Verdict(True, "The provider gave a token. Fill in a test address to try it out.")
            authentication = vault.authentication(tenant_id, id, entry.type)
            reply = _asked(entry.test, url, data, authentication)
            if reply.status == 401 and authentication.token:
                authentication = vault.authentication(tenant_id, id, entry.type, refused=authentication.token)
                reply = _asked(entry.test, url, data, authentication)
        except NodeError as error:
            return Verdict(False, sentences(error.message, error.remedy))
        except (NoReply, TemplateUnfilled) as error:
            return Verdict(False, str(error))
        return _judged(entry.test, reply, _secrets(entry, data, authentication))


def _asked(probe: Probe, url: str, data: dict[str, Any], authentication: Authentication) -> Reply:
    # Imported here: with urllib3 they belong to the first test, not to the start of the function.
    from stepweave.runtime.http.request import Headers, Request, authenticated
    from stepweave.runtime.http.url import target_of
    from stepweave_data.oauth2.asking import exchange

    headers = Headers({"accept": ["application/json, */*"]})
    body = filled_json(probe.body, data) if probe.body else None
    if body is not None:
        headers["content-type"] = ["application/json"]
    request = Request(probe.method, target_of(url), headers, body.encode() if body is not None else None)
    return exchange(authenticated(request, authentication, "the credential"))


def _judged(probe: Probe, reply: Reply, secrets: list[str]) -> Verdict:
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        answer = None
    is_wrong = bool(probe.wrong_when) and not (isinstance(answer, dict) and answer.get(probe.wrong_when))
    if 200 <= reply.status < 300 and not is_wrong:
        return Verdict(True, f"It works (status {reply.status}).", reply.status)
    words = safe_words(_words_of(answer, reply), secrets)
    said = f" and says: {words}" if words else ""
    return Verdict(False, f"The server answers with status {reply.status}{said}", reply.status)


def _words_of(answer: Any, reply: Reply) -> str:
    """Return what a server says is wrong, as far as that can be found; pages are none."""
    for name in _WORDS:
        value = answer.get(name) if isinstance(answer, dict) else None
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, str) and value:
            return value
    return reply.body.decode("utf-8", "replace") if reply.content_type == "text/plain" else ""


def _secrets(entry: CredentialEntry, data: dict[str, Any], authentication: Authentication) -> list[str]:
    """Return all that must not be quoted, the longest first: a shorter one may be a part of it."""
    kept = [str(value) for name, value in data.items() if name in entry.secrets or name == "accessToken"]
    sent = [value for _, value in (*authentication.headers, *authentication.query)]
    sent += [authentication.path] if authentication.path else []
    return sorted((*kept, *sent, *(value.partition(" ")[2] for value in sent)), key=len, reverse=True)
