"""The choices of an app's fields, by loaders that are data: one page of one request."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from stepweave.model.numbers import scalar_text
from stepweave.runtime.asks import Asked
from stepweave.runtime.authentication import Authentication
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.operations import asking
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted, options
from stepweave.spec.fieldpaths import MISSING, field_at
from stepweave.spec.operations import App, OptionsRequest


def app_options(app: App, asked: Asked) -> Any:
    """Return the answer to the ask `options` of an app's node. Raises what `HTTP_ERRORS` names, CredentialMissing."""
    return options(loaders_of(app, *(one.name for one in app.options)))(asked)


def loaders_of(app: App, *names: str) -> dict[str, LoadOptions]:
    """Return some of an app's loaders as functions: `LOADERS` in the `options.py` of one of its triggers."""
    return {one.name: partial(_loaded, app, one) for one in app.options if one.name in names}


def _loaded(app: App, loader: OptionsRequest, asked: Asked, wanted: Wanted) -> Options:
    credential = str(asked.param("credential") or "")
    ready = asking(app, asked, credential, loader.request, {**asked.params, "search": wanted.search})
    try:
        found, after = ready.page(loader.paging, loader.items, wanted.page)
    except NodeError as error:
        raise _masked(error, ready.authentication) from None
    secrets = _secrets(ready.authentication)
    return Options((one for one in _options(loader, found) if not _holds(one, secrets)), after)


def _options(loader: OptionsRequest, found: list[Any]) -> Iterator[Option]:
    for one in found:
        value = _text_at(one, loader.value)
        if value:
            label = _text_at(one, loader.label) if loader.label else ""
            yield Option(value, label, _text_at(one, loader.detail) if loader.detail else "")


def _text_at(one: Any, path: str) -> str:
    value = field_at(one, path) if path else one
    return scalar_text(value) if value is not MISSING and isinstance(value, str | bool | int | float) else ""


def _secrets(authentication: Authentication) -> list[str]:
    """Return what must not be told on, the longest first: what was sent, and what stands behind `Bearer `."""
    sent = [value for _, value in (*authentication.headers, *authentication.query)]
    sent.append(authentication.path)
    return sorted({*sent, *(value.partition(" ")[2] for value in sent)} - {""}, key=len, reverse=True)


def _holds(option: Option, secrets: list[str]) -> bool:
    return any(secret in text for secret in secrets for text in (option.value, option.label, option.detail))


def _masked(error: NodeError, authentication: Authentication) -> NodeError:
    """Return an error whose words hold none of the secrets: a server may quote what it was sent."""
    for secret in _secrets(authentication):
        error.message = error.message.replace(secret, "…")
        error.remedy = error.remedy.replace(secret, "…")
    error.args = (error.message,)
    error.details = {name: value for name, value in error.details.items() if name == "status"}
    return error
