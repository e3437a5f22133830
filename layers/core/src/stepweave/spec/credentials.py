"""`CredentialSpec`: a credential type as a value. Form, checks, hint, its place in a request and OAuth2 come of it.

A type lies in `functions/nodes/<family>/credentials/<type>.py`, or beside the one app that uses it, in
`functions/nodes/<family>/<app>/credentials/<type>.py`. Pure data: the API and the vault read it from the catalogue.
"""

import builtins
from dataclasses import dataclass

from pydantic import ConfigDict

from stepweave.model.base import Document
from stepweave.spec.credential_parts import Grant, OAuth2, OnRequest, Probe, Rate

__all__ = ["CredentialData", "CredentialSpec", "Grant", "OAuth2", "OnRequest", "Probe", "Rate"]


class CredentialData(Document):
    """The base of what a credential type asks for: fields made with `stepweave.spec.fields.ui`.

    Secrets are those of kind `Kind.SECRET`: no route returns them.
    """

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """A credential type.

    Attributes:
        type: its name in nodes' `credentials` and in the API.
        name: for people.
        icon: a Lucide icon name.
        summary: one sentence below the name.
        data: its fields. A field with `unless` is asked for only while that other field is empty.
        docs: Markdown: where to get it, what it may do.
        hint: templates over fields that are no secrets; the first whose fields are all there tells credentials apart.
            One without fields is a last resort (`by DSN`).
        on_request: how it is put on an HTTP request; None where it is no HTTP credential.
        hosts: where it may be sent to: `api.example.com`, `*.example.com` (any host below), or a template over the
            fields that gives such patterns separated by commas (`*`: any host). None after filling in: the host of the
            test only. None at all: any host.
        sent_to: templates that say to which server its secrets go, where they go with no HTTP request:
            `{host}:{port}`. Who changes what stands there must enter the secrets again.
        test: a request that tells whether it works.
        tested_by: the node type whose function tells it, asked for `test`, where no HTTP request does; "" for none.
        oauth2: where its tokens come from; the placeholder `{accessToken}` is the current one.
        rate: how many requests may go with one of them; None for no limit. Requests wait for their turn.
    """

    type: str
    name: str
    icon: str
    summary: str
    data: builtins.type[CredentialData]
    docs: str = ""
    hint: tuple[str, ...] = ()
    on_request: OnRequest | None = None
    hosts: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    test: Probe | None = None
    tested_by: str = ""
    oauth2: OAuth2 | None = None
    rate: Rate | None = None
