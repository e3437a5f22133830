"""Making a workflow of a template: credentials and parameters filled in, all of it or nothing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api import codes
from api.gallery import Slot, Template
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services import compiling, workflows
from api.services.templates import forms
from api.services.tokens import Principal
from stepweave.model.diagnostics import Severity
from stepweave_data.models import Workflow

_NOTHING: Final[tuple[Any, ...]] = (None, "")


@dataclass(frozen=True)
class Answers:
    """What somebody says in the wizard.

    Attributes:
        project_id: where the workflow is to be; None for the project of all members.
        folder_id: the folder, where it goes into one.
        name: what it is called; empty for the template's name.
        credentials: by the slot's id; null for one that is chosen later, in the editor.
        parameters: by the question's id.
    """

    project_id: uuid.UUID | None = None
    folder_id: uuid.UUID | None = None
    name: str = ""
    credentials: Mapping[str, str | None] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


def use(principal: Principal, template: Template, answers: Answers) -> Workflow:
    """Make a draft of a template.

    Raises:
        Refused: `template_unusable` where it has nodes that are not here; `invalid_request` with `errors` that name
            `credentials.<id>` and `parameters.<id>`; `credential_elsewhere`; else as `workflows.create_workflow`.
    """
    if unknown := forms.unknown_nodes(template.workflow):
        errors = [
            {
                "field": f"nodes.{node['id']}",
                "message": f"{node.get('name')!r} is of the type {node.get('type')!r}, version "
                f"{node.get('version', 1)}, which is not here.",
            }
            for node in unknown
        ]
        words = f"{template.name!r} needs nodes that this deployment does not have: update it, or use another template."
        raise Refused(codes.TEMPLATE_UNUSABLE, words, errors[:100])
    document = forms.inert(template)
    if answers.name:
        document["name"] = answers.name
    errors = [*_unasked(template, answers), *_fill(template, document, answers)]
    with rows_of(principal.tenant_id) as rows:
        place = workflows.place(rows, principal, answers.folder_id, answers.project_id)
        errors += _fill_credentials(rows, template, document, answers)
        if errors:
            raise Refused(codes.INVALID_REQUEST, _words(errors), errors[:100])
        _check_project(rows, template, answers, place)
        draft = workflows.Draft(workflows.checked(document), document)
        made = workflows.create_in(rows, principal, draft, answers.folder_id, place)
        told = {"template": template.id, "version": template.version, "name": template.name}
        rows.note(principal.user_id, "template.used", made.id, after=told)
    return made


def _unasked(template: Template, answers: Answers) -> list[dict[str, str]]:
    """Return an error for each answer that nobody asked for: a misspelt one would else be lost without a word."""
    found = []
    slots, asked = {one.id for one in template.credentials}, {one.id for one in template.parameters}
    for kind, given, known in (
        ("credentials", answers.credentials, slots),
        ("parameters", answers.parameters, asked),
    ):
        for name in sorted(set(given) - known):
            names = ", ".join(sorted(known)) or "nothing"
            found.append(
                {"field": f"{kind}.{name}", "message": f"The template does not ask for it; it asks for: {names}."}
            )
    return found


def _fill(template: Template, document: dict[str, Any], answers: Answers) -> list[dict[str, str]]:
    """Put in the parameters; return what is missing or does not fit, in the compiler's words."""
    nodes, found = forms.nodes_of(document), []
    for question in template.parameters:
        value = answers.parameters.get(question.id)
        if question.id in answers.parameters and not (question.example and value in _NOTHING):
            forms.put(nodes, question.fields, value)
        elif question.example:
            found.append({"field": f"parameters.{question.id}", "message": f"Say this: {question.label}."})
    if found:
        return found
    wrong = [one for one in compiling.diagnose(document) if one.severity is Severity.ERROR]
    for question in template.parameters:
        spots = {(spot.node, f"params.{spot.field}") for spot in question.fields}
        for one in wrong:
            if any(one.node_id == node and _within(one.field, place) for node, place in spots):
                found.append({"field": f"parameters.{question.id}", "message": f"{one.message} {one.remedy}"})
                break
    return found


def _within(field: str | None, place: str) -> bool:
    return field is not None and (field == place or field.startswith(f"{place}."))


def _fill_credentials(
    rows: Rows, template: Template, document: dict[str, Any], answers: Answers
) -> list[dict[str, str]]:
    nodes, found = forms.nodes_of(document), []
    for slot in template.credentials:
        if slot.id not in answers.credentials:
            message = f"Choose a credential for {slot.name}, or say null to choose it later in the editor."
            found.append({"field": f"credentials.{slot.id}", "message": message})
            continue
        chosen = answers.credentials[slot.id]
        if chosen is None:
            continue
        if message := _unfit(rows, slot, forms.types_of(slot, document), chosen):
            found.append({"field": f"credentials.{slot.id}", "message": message})
        else:
            forms.put(nodes, slot.fields, str(uuid.UUID(chosen)))
    return found


def _unfit(rows: Rows, slot: Slot, types: tuple[str, ...], chosen: str) -> str:
    """Return why a credential does not fit a slot; nothing where it does."""
    try:
        id = uuid.UUID(chosen)
    except ValueError:
        return f"{chosen!r} is no id of a credential."
    credential = rows.credentials.find(id) or rows.credentials.lent_one(id)
    if credential is None:
        return f"There is no such credential for {slot.name}."
    if forms.ANY not in types and credential.type not in types:
        return f"{slot.name} takes a credential of type {' or '.join(types)}; this one is {credential.type}."
    return ""


def _check_project(rows: Rows, template: Template, answers: Answers, project_id: uuid.UUID) -> None:
    """Refuse credentials that workflows of the project may not use. Raises Refused (`credential_elsewhere`)."""
    given = {slot.id: uuid.UUID(id) for slot in template.credentials if (id := answers.credentials.get(slot.id))}
    elsewhere = rows.projects.credentials_elsewhere(set(given.values()), project_id)
    if not elsewhere:
        return
    message = "It belongs to another project, and is not shared with this one."
    errors = [{"field": f"credentials.{id}", "message": message} for id, one in given.items() if one in elsewhere]
    words = "The workflow would use credentials of another project: choose others, or have them shared with it."
    raise Refused(codes.CREDENTIAL_ELSEWHERE, words, errors)


def _words(errors: list[dict[str, str]]) -> str:
    first = errors[0]["message"]
    return first if len(errors) == 1 else f"{first} And {len(errors) - 1} more."
