"""One action on many workflows or executions, each on its own: what fails is told, and stops none of the others."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services import folders, workflows
from api.services.publishing import Publisher
from api.services.rerunning import retry, run_again
from api.services.running import Runner
from api.services.tokens import Principal
from stepweave.aws import AwsError

Action = Literal["enable", "disable", "move", "tag", "delete", "export"]
ExecutionAction = Literal["cancel", "runAgain", "retry"]


@dataclass(frozen=True)
class Request:
    """What to do. `folder_id` is where `move` goes (None: out of all folders); `tag` adds and removes tags."""

    action: Action
    folder_id: uuid.UUID | None = None
    add_tag_ids: Sequence[uuid.UUID] = ()
    remove_tag_ids: Sequence[uuid.UUID] = ()


@dataclass(frozen=True)
class Result:
    """What became of one: a problem's code and words, the document of an exported workflow, or the id of the execution
    that was started."""

    id: uuid.UUID
    code: str | None = None
    message: str | None = None
    document: dict[str, Any] | None = None
    execution_id: uuid.UUID | None = None


def carry_out(principal: Principal, publisher: Publisher, wanted: Request, ids: Sequence[uuid.UUID]) -> list[Result]:
    """Do it to each, in the order given.

    Raises:
        Refused: `not_found` for a folder or tag that is not there; then nothing is done.
    """
    _check(principal, wanted)
    work = _work(principal, publisher, wanted)
    return _each(ids, lambda id: Result(id, document=work(id)))


def carry_out_on_executions(
    principal: Principal, runner: Runner, action: ExecutionAction, ids: Sequence[uuid.UUID]
) -> list[Result]:
    """Stop each, run it again or from where it failed, in the order given."""
    match action:
        case "cancel":
            return _each(ids, lambda id: _cancel(principal, runner, id))
        case "runAgain":
            return _each(ids, lambda id: _started(principal, id, run_again(principal, runner, id)))
        case "retry":
            return _each(ids, lambda id: _started(principal, id, retry(principal, runner, id)))


def _cancel(principal: Principal, runner: Runner, id: uuid.UUID) -> Result:
    runner.cancel(principal, id)
    with rows_of(principal.tenant_id) as rows:
        rows.note(principal.user_id, "execution.cancelled", id)
    return Result(id)


def _started(principal: Principal, former: uuid.UUID, id: uuid.UUID) -> Result:
    with rows_of(principal.tenant_id) as rows:
        rows.note(principal.user_id, "execution.started", id, again=str(former))
    return Result(former, execution_id=id)


def _each(ids: Sequence[uuid.UUID], work: Callable[[uuid.UUID], Result]) -> list[Result]:
    return [_one(work, id) for id in dict.fromkeys(ids)]


def _one(work: Callable[[uuid.UUID], Result], id: uuid.UUID) -> Result:
    try:
        return work(id)
    except Refused as refused:
        return Result(id, refused.code.name, refused.detail)
    except AwsError as error:
        return Result(id, "aws_unavailable", f"AWS does not answer ({error.code}); try again in a moment.")


def _check(principal: Principal, wanted: Request) -> None:
    tags = {*wanted.add_tag_ids, *wanted.remove_tag_ids}
    with rows_of(principal.tenant_id) as rows:
        if wanted.action == "move" and wanted.folder_id is not None:
            folders.find(rows, wanted.folder_id)
        if wanted.action == "tag" and rows.tags.unknown(tags):
            raise codes.not_found("tag")


def _work(principal: Principal, publisher: Publisher, wanted: Request) -> Callable[[uuid.UUID], dict[str, Any] | None]:
    match wanted.action:
        case "enable" | "disable":
            return lambda id: publisher.switch(principal, id, enabled=wanted.action == "enable")
        case "delete":
            return lambda id: publisher.unpublish(principal, id, remove=True, later=True)
        case "export":
            return lambda id: _export(principal, id)
        case "move":
            return lambda id: _move(principal, id, wanted.folder_id)
        case "tag":
            return lambda id: _tag(principal, id, wanted)


def _export(principal: Principal, id: uuid.UUID) -> dict[str, Any]:
    document = workflows.get_workflow(principal, id).document
    with rows_of(principal.tenant_id) as rows:
        rows.note(principal.user_id, "workflow.exported", id)
    return document


def _move(principal: Principal, id: uuid.UUID, folder_id: uuid.UUID | None) -> None:
    with rows_of(principal.tenant_id) as rows:
        workflow = workflows.find(rows, id)
        if folder_id is not None and folders.find(rows, folder_id).project_id != workflow.project_id:
            raise codes.not_found("folder in the workflow's project")
        workflow.folder_id = folder_id
        rows.note(principal.user_id, "workflow.moved", id)


def _tag(principal: Principal, id: uuid.UUID, wanted: Request) -> None:
    with rows_of(principal.tenant_id) as rows:
        workflows.find(rows, id)
        before = _tags(rows, id)
        rows.workflows.remove_tags(id, wanted.remove_tag_ids)
        rows.workflows.add_tags(principal.tenant_id, id, wanted.add_tag_ids)
        rows.note(principal.user_id, "workflow.tagged", id, before={"tags": before}, after={"tags": _tags(rows, id)})


def _tags(rows: Rows, id: uuid.UUID) -> list[str]:
    return sorted(str(tag) for tag in rows.workflows.tag_ids(id))
