"""The compiler as the API uses it: the catalogue read once, a document to a machine or diagnostics."""

import json
from functools import cache
from typing import Any

from pydantic import ValidationError

from api import codes
from api.refusals import Refused
from api.settings import settings
from stepweave.compiler import Compiled, CompileOptions, compile_workflow
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import SCHEMA_VERSION, Node, Workflow
from stepweave.spec.catalogue import Catalogue
from stepweave.spec.node import TriggerKind


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of this deployment."""
    return Catalogue.from_json(json.loads(settings().catalogue.read_text(encoding="utf-8")))


def read_document(document: dict[str, Any]) -> Workflow:
    """Return a workflow document. Raises Refused: `newer_schema`, `invalid_document`."""
    schema = document.get("schema")
    if isinstance(schema, int) and schema > SCHEMA_VERSION:
        message = f"The workflow is of a newer Stepweave (schema {schema}); this one knows up to {SCHEMA_VERSION}."
        remedy = "Update Stepweave, or export it again from the version that you have."
        raise Refused(codes.NEWER_SCHEMA, f"{message} {remedy}", [{"field": "schema", "message": message}])
    try:
        return Workflow.model_validate(document)
    except ValidationError as error:
        errors = [
            {"field": ".".join(map(str, entry["loc"])), "message": entry["msg"]}
            for entry in error.errors(include_url=False, include_input=False)
        ]
        raise Refused(codes.INVALID_DOCUMENT, "This is not a workflow document.", errors[:100]) from None


def diagnose(document: dict[str, Any]) -> list[Diagnostic]:
    """Return what is wrong with a workflow."""
    return list(compile_workflow(document, catalogue(), _options()).diagnostics)


def compile_document(document: dict[str, Any], options: CompileOptions | None = None) -> Compiled:
    """Return the compiled machine, of the whole or of what `options` say.

    Raises:
        Refused: `workflow_invalid` with `diagnostics` when the workflow has errors.
    """
    result = compile_workflow(document, catalogue(), options or _options())
    if not isinstance(result, Compiled):
        diagnostics = [entry.to_json() for entry in result.diagnostics]
        raise Refused(codes.WORKFLOW_INVALID, "The workflow has errors; see the diagnostics.", diagnostics=diagnostics)
    return result


def triggers(document: Workflow, kind: TriggerKind | None = None) -> list[Node]:
    """Return the trigger nodes of a document that are not disabled, of one kind where given."""
    found = []
    for node in document.nodes:
        entry = catalogue().get(node.type, node.version)
        if entry is None or entry.trigger is None or node.settings.disabled:
            continue
        if kind is None or entry.trigger is kind:
            found.append(node)
    return found


def with_defaults(node: Node) -> dict[str, Any]:
    """Return a node's parameters, with the defaults of its type for those that the document leaves out."""
    entry = catalogue().get(node.type, node.version)
    fields = entry.params_schema.get("properties", {}) if entry else {}
    return {name: field["default"] for name, field in fields.items() if "default" in field} | node.params


def is_webhook(node: Node) -> bool:
    """Whether a node is a webhook trigger: it has a URL, and a test URL."""
    return _trigger_of(node) is TriggerKind.WEBHOOK


def is_form(node: Node) -> bool:
    """Whether a node is a form trigger: it has an address, and a test address."""
    return _trigger_of(node) is TriggerKind.FORM


def _trigger_of(node: Node) -> TriggerKind | None:
    entry = catalogue().get(node.type, node.version)
    return entry.trigger if entry else None


def _options() -> CompileOptions:
    return CompileOptions(function_prefix=settings().prefix)
