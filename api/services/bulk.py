"""One action on many workflows or executions, each on its own: what fails is told, and stops none of the others."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from api import codes
from api.refusals import Refused
from api.services import folders, workflows
from api.services.publishing import Publisher
from api.services.rerunning import retry, run_again
from api.services.running import Runner
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave_data.database import tenant_session
from stepweave_data.models import Tag, WorkflowTag

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
            return _each(ids, lambda id: Result(id, execution_id=run_again(principal, runner, id)))
        case "retry":
            return _each(ids, lambda id: Result(id, execution_id=retry(principal, runner, id)))


def _cancel(principal: Principal, runner: Runner, id: uuid.UUID) -> Result:
    runner.cancel(principal, id)
    return Result(id)


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
    with tenant_session(principal.tenant_id) as session:
        if wanted.action == "move" and wanted.folder_id is not None:
            folders.find(session, wanted.folder_id)
        if wanted.action == "tag" and tags - set(session.scalars(select(Tag.id).where(Tag.id.in_(tags)))):
            raise codes.not_found("tag")


def _work(principal: Principal, publisher: Publisher, wanted: Request) -> Callable[[uuid.UUID], dict[str, Any] | None]:
    match wanted.action:
        case "enable" | "disable":
            return lambda id: publisher.switch(principal, id, enabled=wanted.action == "enable")
        case "delete":
            return lambda id: publisher.unpublish(principal, id, remove=True)
        case "export":
            return lambda id: workflows.get_workflow(principal, id).document
        case "move":
            return lambda id: _move(principal, id, wanted.folder_id)
        case "tag":
            return lambda id: _tag(principal, id, wanted)


def _move(principal: Principal, id: uuid.UUID, folder_id: uuid.UUID | None) -> None:
    with tenant_session(principal.tenant_id) as session:
        workflows.find(session, id).folder_id = folder_id


def _tag(principal: Principal, id: uuid.UUID, wanted: Request) -> None:
    with tenant_session(principal.tenant_id) as session:
        workflows.find(session, id)
        gone = WorkflowTag.tag_id.in_(wanted.remove_tag_ids)
        session.execute(delete(WorkflowTag).where(WorkflowTag.workflow_id == id, gone))
        rows = [{"tenant_id": principal.tenant_id, "workflow_id": id, "tag_id": tag} for tag in set(wanted.add_tag_ids)]
        if rows:
            session.execute(insert(WorkflowTag).values(rows).on_conflict_do_nothing())
