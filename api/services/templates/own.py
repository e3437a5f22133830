"""Templates of the workspace's own: made of a workflow, with versions, seen by who sees its project."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api import codes
from api.gallery import USES, Template
from api.permissions import Permission
from api.refusals import Refused, refused_field
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import projects, workflows
from api.services.templates.stripping import Stripped, stripped
from api.services.tokens import Principal
from stepweave_data.auditing import seeing
from stepweave_data.models import OwnTemplate, TemplateVersion

MOST: Final = 200
"""Templates of a workspace."""
MOST_VERSIONS: Final = 100
"""Versions of a template."""


@dataclass(frozen=True)
class About:
    """What a template says of itself."""

    name: str
    summary: str = ""
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """A template as it was saved, and what was taken out of the workflow."""

    template: OwnTemplate
    removed: list[dict[str, str]]


def preview(principal: Principal, workflow_id: uuid.UUID) -> Stripped:
    """Return what a template of a workflow's draft would be. Raises Refused: `not_found`, `not_allowed`."""
    with rows_of(principal.tenant_id) as rows:
        return _stripped(rows, principal, workflow_id)[1]


def save(principal: Principal, workflow_id: uuid.UUID, about: About) -> Made:
    """Make a template of a workflow's draft, in its project.

    Raises:
        Refused: `not_found`, `not_allowed`, `invalid_request`, `name_taken`, `too_many`.
    """
    _check_uses(about)
    try:
        with rows_of(principal.tenant_id) as rows:
            project_id, content = _stripped(rows, principal, workflow_id)
            with seeing(None), rows_of(principal.tenant_id) as whole:
                if whole.templates.count() >= MOST:
                    raise Refused(codes.TOO_MANY, f"There are {MOST} templates already; delete one.")
            template = rows.add(
                OwnTemplate(
                    tenant_id=principal.tenant_id,
                    project_id=project_id,
                    name=about.name,
                    summary=about.summary,
                    uses=list(about.uses),
                    created_by=principal.user_id,
                )
            )
            _add_version(rows, principal, template, 1, content, "")
            rows.note(principal.user_id, "template.created", template.id, after=_told(about, content))
    except Duplicate:
        raise _taken(about.name) from None
    return Made(template, [asdict(one) for one in content.removed])


def add_version(principal: Principal, template_id: uuid.UUID, workflow_id: uuid.UUID, note: str) -> Made:
    """Make a workflow's draft the next version of a template; workflows made of former ones stay as they are.

    Raises:
        Refused: `not_found`, `not_allowed`, `too_many`; `invalid_request` for a workflow of another project.
    """
    with rows_of(principal.tenant_id) as rows:
        template = _to_change(rows, principal, template_id)
        project_id, content = _stripped(rows, principal, workflow_id)
        if project_id != template.project_id:
            words = "The workflow is in another project than the template: make a template of its own of it."
            raise refused_field(codes.INVALID_REQUEST, "workflowId", words)
        if template.version >= MOST_VERSIONS:
            raise Refused(codes.TOO_MANY, f"The template has {MOST_VERSIONS} versions already; make another one.")
        template.version += 1
        template.updated_at = datetime.now(UTC)
        _add_version(rows, principal, template, template.version, content, note)
        rows.note(principal.user_id, "template.version_added", template_id, after={"version": template.version})
    return Made(template, [asdict(one) for one in content.removed])


def change(principal: Principal, template_id: uuid.UUID, about: About) -> OwnTemplate:
    """Say something else of a template. Raises Refused: `not_found`, `not_allowed`, `invalid_request`, `name_taken`."""
    _check_uses(about)
    try:
        with rows_of(principal.tenant_id) as rows:
            template = _to_change(rows, principal, template_id)
            before = {"name": template.name, "summary": template.summary, "uses": list(template.uses)}
            template.name, template.summary, template.uses = about.name, about.summary, list(about.uses)
            template.updated_at = datetime.now(UTC)
            after = {"name": about.name, "summary": about.summary, "uses": list(about.uses)}
            rows.note(principal.user_id, "template.changed", template_id, before=before, after=after)
    except Duplicate:
        raise _taken(about.name) from None
    return template


def delete(principal: Principal, template_id: uuid.UUID) -> None:
    """Delete a template with its versions; workflows made of it stay. Raises Refused: `not_found`, `not_allowed`."""
    with rows_of(principal.tenant_id) as rows:
        template = _to_change(rows, principal, template_id)
        rows.note(principal.user_id, "template.deleted", template_id, before={"name": template.name}, after={})
        rows.delete(template)


def every(principal: Principal) -> list[Template]:
    """Return the latest version of each that the caller sees, by name."""
    with rows_of(principal.tenant_id) as rows:
        return [_read(one, version) for one, version in rows.templates.latest()]


def find(principal: Principal, template_id: uuid.UUID, number: int | None = None) -> Template | None:
    """Return a version of a template, the latest without a number; None where there is none."""
    with rows_of(principal.tenant_id) as rows:
        template = rows.templates.find(template_id)
        version = rows.templates.version(template_id, number or template.version) if template else None
        return _read(template, version) if template and version else None


def versions(principal: Principal, template_id: uuid.UUID) -> Sequence[tuple[TemplateVersion, str | None]]:
    """Return the versions of a template, the latest first, each with who made it. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        if rows.templates.find(template_id) is None:
            raise codes.not_found("template")
        return rows.templates.versions(template_id)


def _stripped(rows: Rows, principal: Principal, workflow_id: uuid.UUID) -> tuple[uuid.UUID, Stripped]:
    """Return a workflow's project and what is left of its draft. Raises Refused: `not_found`, `not_allowed`."""
    workflow = workflows.find(rows, workflow_id)
    if Permission.WORKFLOWS_WRITE not in projects.permissions_in(principal, workflow.project_id):
        words = "A template is seen by all of its project: it needs workflows.write there."
        raise Refused(codes.NOT_ALLOWED, words)
    with seeing(None), rows_of(principal.tenant_id) as whole:
        known = {str(one.id): one.name for one in whole.credentials.by_name()}
        seen = {str(one.id) for one in rows.credentials.by_name()}
    return workflow.project_id, stripped(
        workflow.document, {id: name if id in seen else "" for id, name in known.items()}
    )


def _to_change(rows: Rows, principal: Principal, template_id: uuid.UUID) -> OwnTemplate:
    template = rows.templates.find(template_id, to_change=True)
    if template is None:
        raise codes.not_found("template")
    if Permission.WORKFLOWS_WRITE not in projects.permissions_in(principal, template.project_id):
        raise Refused(
            codes.NOT_ALLOWED, "You may not change templates of that project: it needs workflows.write there."
        )
    return template


def _add_version(
    rows: Rows, principal: Principal, template: OwnTemplate, number: int, content: Stripped, note: str
) -> None:
    stored: dict[str, Any] = {
        "credentials": [one.to_json() for one in content.credentials],
        "parameters": [one.to_json() for one in content.parameters],
        "workflow": content.workflow,
        "removed": [asdict(one) for one in content.removed],
    }
    rows.write()
    rows.add(
        TemplateVersion(
            tenant_id=principal.tenant_id,
            template_id=template.id,
            number=number,
            content=stored,
            note=note,
            created_by=principal.user_id,
        )
    )


def _read(template: OwnTemplate, version: TemplateVersion) -> Template:
    kept = {key: version.content[key] for key in ("credentials", "parameters", "workflow")}
    about = {"name": template.name, "summary": template.summary, "uses": tuple(template.uses)}
    return Template.model_validate({"id": str(template.id), "version": version.number, **about, **kept})


def _told(about: About, content: Stripped) -> dict[str, Any]:
    return {"name": about.name, "summary": about.summary, "uses": list(about.uses), "removed": len(content.removed)}


def _check_uses(about: About) -> None:
    if unknown := sorted(set(about.uses) - set(USES)):
        words = f"There is no use {unknown[0]!r}; there are: {', '.join(USES)}."
        raise refused_field(codes.INVALID_REQUEST, "uses", words)


def _taken(name: str) -> Refused:
    return refused_field(
        codes.NAME_TAKEN, "name", f"There is a template {name!r} in that project already; choose another name."
    )
