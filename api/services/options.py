"""Choices of fields that the provider has: asked of the node's own function, as the tenant, and kept for a minute.

What is kept is the provider's list, never a credential. Its key is a digest of all that it depends on, the moment of
the credential's last change among them.
"""

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import redis

from api import codes
from api.ports import NodeFunctions
from api.refusals import Refused, refused_field
from api.repositories.rows import rows_of
from api.services import workflows
from api.services.apis import calls
from api.services.compiling import catalogue
from api.services.credentials import check_usable
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.runtime.errors import sentences
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.options import FieldWithOptions, fields_with_options, told_with
from stepweave_data import redis_keys as keys
from stepweave_data.auditing import seeing
from stepweave_data.kept import keep
from stepweave_data.telemetry import logger

SECONDS: Final = 12.0
"""For the node's function; with its start that is less than the API's own time."""
_LONGEST_VALUE: Final = 2000
_LONGEST_WORDS: Final = 1000


@dataclass(frozen=True)
class Wanted:
    """Which choices are wanted; fields as of the route's request."""

    type: str
    version: int
    field: str
    params: Mapping[str, Any]
    search: str = ""
    page: str = ""
    reload: bool = False
    workflow_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Options:
    """A page of choices, as the ask `options` gives them; `next` is signed."""

    options: list[dict[str, Any]]
    next: str | None
    cut: bool


@dataclass(frozen=True)
class Choosing:
    """Loads choices. `key` signs where pages go on, so that nobody sends a node's function elsewhere."""

    functions: NodeFunctions
    redis: redis.Redis
    key: Callable[[], str]

    def load(self, principal: Principal, wanted: Wanted) -> Options:
        """Return a page of choices.

        Raises:
            Refused: `not_found` (node type, credential, workflow), `invalid_request` (field, page), `options_need`,
                `options_failed`.
            AwsError: AWS does not answer.
        """
        entry = catalogue().get(wanted.type, wanted.version)
        if entry is None:
            raise codes.not_found("node type")
        field = _field(entry, wanted.field)
        told = _told(entry, field, wanted.params)
        given = {
            "loader": field.options.loader,
            "search": wanted.search.strip() if field.options.searches else "",
        }
        changed = _changed(principal, entry, field, told)
        where = _project(principal, wanted.workflow_id)
        subject = _digest(str(principal.tenant_id), [entry.type, entry.version, given, told, changed, where])
        page = self._page(subject, wanted.page)
        kept = keys.options(str(principal.tenant_id), _digest(subject, page))
        answer = None if wanted.reload or field.options.workspace else self._remembered(kept)
        if answer is None:
            answer = self._asked(principal, entry, field, told, {**given, "page": page}, wanted.workflow_id)
            self._remember(str(principal.tenant_id), kept, answer)
        after = answer.get("next")
        return Options(answer["options"], self._signed(subject, after) if after else None, bool(answer.get("cut")))

    def _asked(
        self,
        principal: Principal,
        entry: CatalogueEntry,
        field: FieldWithOptions,
        told: Mapping[str, Any],
        given: Mapping[str, Any],
        workflow_id: uuid.UUID | None,
    ) -> dict[str, Any]:
        if field.options.workspace:
            return calls.choices(principal, given["loader"], told, given["search"])
        payload = {
            "ask": "options",
            "tenantId": str(principal.tenant_id),
            "workflowId": str(workflow_id or ""),
            "node": {"id": "", "name": entry.name, "type": entry.type, "version": entry.version},
            "params": dict(told),
            "given": dict(given),
        }
        try:
            answer: dict[str, Any] = self.functions.ask(entry.type, entry.version, payload, SECONDS, repeatable=True)
        except AskFailed as error:
            wait = round(error.retry_after) if error.retry_after else None
            raise _failed(field, sentences(error.message, error.remedy), wait, error.type) from error
        except AwsError as error:
            if error.retryable:
                raise
            logger().warning("a node function died of an ask", type=entry.type, code=error.code)
            words = "The node's function did not answer. Try again."
            raise _failed(field, words, None, "NodeCrashed") from error
        return answer

    def _remembered(self, key: str) -> dict[str, Any] | None:
        try:
            text = self.redis.get(key)
        except redis.RedisError as error:
            logger().warning("options are not kept", error=repr(error))
            return None
        answer: dict[str, Any] | None = json.loads(text) if isinstance(text, str) else None
        return answer

    def _remember(self, tenant_id: str, key: str, answer: Mapping[str, Any]) -> None:
        try:
            keep(self.redis, tenant_id, key, json.dumps(answer), keys.OPTIONS_SECONDS)
        except redis.RedisError as error:
            logger().warning("options are not kept", error=repr(error))

    def _signed(self, subject: str, page: str) -> str:
        return f"{base64.urlsafe_b64encode(page.encode()).decode()}.{self._signature(subject, page)}"

    def _page(self, subject: str, signed: str) -> str:
        """Return where a page goes on that we have signed for the same choices. Raises Refused."""
        if not signed:
            return ""
        text, _, signature = signed.partition(".")
        try:
            page = base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode()
        except (binascii.Error, UnicodeError):
            page = ""
        if not page or not hmac.compare_digest(signature.encode(), self._signature(subject, page).encode()):
            raise refused_field(
                codes.INVALID_REQUEST, "page", "This page is not one of these choices; start from the first page."
            )
        return page

    def _signature(self, subject: str, page: str) -> str:
        message = f"options {subject} {page}".encode()
        return hmac.new(self.key().encode(), message, hashlib.sha256).hexdigest()


def _field(entry: CatalogueEntry, path: str) -> FieldWithOptions:
    field = next((one for one in fields_with_options(entry.params_schema) if one.path == path), None)
    if field is None:
        raise refused_field(
            codes.INVALID_REQUEST, "field", f"{entry.name} has no field {path} whose choices are loaded."
        )
    return field


def _told(entry: CatalogueEntry, field: FieldWithOptions, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that the choices depend on. Raises Refused (`options_need`)."""
    properties = entry.params_schema["properties"]
    for name in field.options.needs:
        form, title = properties[name].get("x-ui", {}), properties[name].get("title", name)
        value = params.get(name, properties[name].get("default"))
        if value is None or value == "":
            raise refused_field(codes.OPTIONS_NEED, f"params.{name}", f"Fill in {title} first.")
        if isinstance(value, bool | list | dict):
            raise refused_field(codes.OPTIONS_NEED, f"params.{name}", f"{title} is no text.")
        text = json.dumps(value)
        if form.get("expression", True) and "{{" in text:
            words = f"{title} is an expression, which has a value only when the workflow runs."
            raise refused_field(codes.OPTIONS_NEED, f"params.{name}", words)
        if len(text) > _LONGEST_VALUE:
            raise refused_field(codes.OPTIONS_NEED, f"params.{name}", f"{title} is too long.")
    told = {name: params[name] for name in told_with(entry.params_schema, field.options.needs) if name in params}
    return {name: value for name, value in told.items() if len(json.dumps(value)) <= _LONGEST_VALUE}


def _changed(
    principal: Principal, entry: CatalogueEntry, field: FieldWithOptions, told: Mapping[str, Any]
) -> list[str]:
    """Return of what state the credentials and workflows are that the choices depend on.

    Raises Refused for others' credentials.
    """
    moments = []
    for name in field.options.needs:
        kind = entry.params_schema["properties"][name].get("x-ui", {}).get("kind")
        if kind == "workflow":
            moments.append(_published(principal, str(told.get(name))))
        if kind != "credential":
            continue
        try:
            id = uuid.UUID(str(told.get(name)))
        except ValueError:
            raise codes.not_found("credential") from None
        with rows_of(principal.tenant_id) as rows:
            type, changed = check_usable(rows, id)
        if type not in entry.credentials:
            raise refused_field(
                codes.OPTIONS_NEED, f"params.{name}", f"Choose a credential of type {' or '.join(entry.credentials)}."
            )
        moments.append(changed.isoformat())
    return moments


def _project(principal: Principal, workflow_id: uuid.UUID | None) -> str:
    """Return the project of the workflow that a node is in; "" where none is named. Raises Refused (`not_found`)."""
    return "" if workflow_id is None else str(workflows.get_workflow(principal, workflow_id).project_id)


def _published(principal: Principal, text: str) -> str:
    """Return which version of a workflow is published: what it expects is that version's.

    Raises Refused (`not_found`) for one that the caller does not see.
    """
    try:
        id = uuid.UUID(text)
    except ValueError:
        return ""
    with rows_of(principal.tenant_id) as rows:
        found = rows.versions.live([id]).get(id)
    if found is None:
        with seeing(None), rows_of(principal.tenant_id) as rows:
            if rows.projects.sees("workflow_id", id):
                raise codes.not_found("workflow")
    return str(found[1].number) if found is not None and found[1] is not None else ""


def _failed(field: FieldWithOptions, words: str, wait: int | None, type: str) -> Refused:
    short = words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
    errors = [{"field": field.path, "message": short}]
    return Refused(codes.OPTIONS_FAILED, short, errors, retry_seconds=wait, error=type)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
