"""State machines: a document as a version on AWS, made once for each compiled hash, and the alias `live`.

What nothing needs any more the sweeper deletes (ADR 66), and what is gone is made again here.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.ports import StateMachines
from api.repositories.rows import Duplicate, rows_of
from api.services.apis.calls import with_operations
from api.services.callees import with_tools
from api.services.compiling import compile_document
from api.services.tokens import Principal
from api.settings import settings
from stepweave.aws import AwsError
from stepweave.aws.control.state_machines import Published
from stepweave.compiler import Compiled, CompileOptions
from stepweave.expressions.variables import variables_read
from stepweave.model.environments import PRODUCTION
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave_data.models import CompiledMachine, Workflow, WorkflowVersion
from stepweave_data.telemetry import logger


@dataclass(frozen=True)
class Machines:
    """The state machines of one deployment."""

    port: Callable[[], StateMachines]

    def of(
        self,
        principal: Principal,
        workflow: Workflow,
        document: dict[str, Any] | None = None,
        options: CompileOptions | None = None,
    ) -> CompiledMachine:
        """Return a document as a state-machine version, publishing it only where its hash is new.

        Args:
            principal: who asks.
            workflow: whose machine it is.
            document: the draft, unless given.
            options: of a run of a part.

        Raises:
            Refused: `workflow_invalid` with diagnostics.
            AwsError: AWS refused or did not answer; nothing else has changed.
        """
        given = options.pinned | options.fired if options else frozenset[str]()
        whole = with_operations(principal, workflow.document if document is None else document, given)
        whole = with_tools(principal, whole)
        compiled = compile_document(whole, options)
        with rows_of(principal.tenant_id) as rows:
            known = rows.machines.used(workflow.id, compiled.hash)
        return known or self._made(principal, workflow, compiled)

    def of_version(self, principal: Principal, workflow: Workflow, version: WorkflowVersion) -> CompiledMachine:
        """Return the machine of a published version: made again where it is gone. Raises as `of`.

        A newer compiler may make another one of the document than it had: `compiled_hash` is to be noted.
        """
        with rows_of(principal.tenant_id) as rows:
            known = rows.machines.used(workflow.id, version.compiled_hash)
        return known or self.of(principal, workflow, version.document)

    def _made(self, principal: Principal, workflow: Workflow, compiled: Compiled, salt: str = "") -> CompiledMachine:
        """Publish what nobody has published, or not any more. `salt` makes it another definition than it was before."""
        versions: dict[str, str] = {}
        machine = CompiledMachine(
            tenant_id=principal.tenant_id,
            workflow_id=workflow.id,
            compiled_hash=compiled.hash,
            machine_type=compiled.type.lower(),
            definition=compiled.definition,
            states=dict(compiled.states),
        )
        try:
            name = f"{settings().prefix}-{workflow.id}-{compiled.type.lower()}"
            made = self._published(name, compiled, salt, versions)
            machine.state_machine_arn, machine.version_arn = made.state_machine_arn, made.version_arn
            machine.parts = [arn for arn in versions.values() if arn != made.version_arn]
            with rows_of(principal.tenant_id) as rows:
                usable = rows.machines.taken_back([*versions.values()])
                if usable:
                    return rows.add(machine)
        except Duplicate:  # somebody made the same at the same time
            with rows_of(principal.tenant_id) as rows:
                theirs = rows.machines.used(workflow.id, compiled.hash)
                if theirs is None:
                    raise
                rows.machines.leave(theirs, {*versions.values()} - {theirs.version_arn, *theirs.parts})
            return theirs
        except Exception:
            self._leave(principal, machine, versions.values())
            raise
        self._leave(principal, machine, versions.values())
        if salt:  # nobody had this definition before
            raise AwsError("VersionGone", "a version that was just made is being deleted", retryable=True)
        return self._made(principal, workflow, compiled, uuid.uuid4().hex)

    def _leave(self, principal: Principal, machine: CompiledMachine, arns: Iterable[str]) -> None:
        """Have the sweeper delete versions that nobody will use. Raises nothing."""
        try:
            with rows_of(principal.tenant_id) as rows:
                rows.machines.leave(machine, [*arns])
        except Exception as error:  # a version that is left over costs nothing, and goes with its workflow
            logger().warning("a version of a state machine is left over", error=repr(error))

    def point(self, machine: CompiledMachine) -> None:
        """Move `live` to a machine's version. Raises AwsError."""
        self.port().point(machine.state_machine_arn, machine.version_arn)

    def point_back(self, former: CompiledMachine) -> None:
        """Move `live` back to where it was. Raises nothing: the failure that led here is the one to tell."""
        try:
            self.point(former)
        except Exception as error:  # whatever the adapter raises
            logger().error("`live` could not be moved back", machine=former.state_machine_arn, error=repr(error))

    def _published(self, name: str, compiled: Compiled, salt: str, versions: dict[str, str]) -> Published:
        """Publish a machine after those nested in it, whose versions' ARNs take the places kept for them.

        `versions` gets what was made: by what stands for it; the machine's own by "".
        """
        comment = {"Comment": f"Made again {salt}"} if salt else {}

        def whole(definition: Mapping[str, Any]) -> str:
            text = json.dumps({**comment, **definition})
            for placeholder, version in versions.items():
                text = text.replace(f'"{placeholder}"', f'"{version}"')
            return text

        kind, note = compiled.type.lower(), compiled.hash[:64]
        for number, part in enumerate(compiled.machines):
            made = self.port().publish(f"{name}-part{number}", kind, whole(part.definition), note)
            versions[part.placeholder] = made.version_arn
        made = self.port().publish(name, kind, whole(compiled.definition), note)
        versions[""] = made.version_arn
        return made


def live_target(
    workflow: Workflow,
    machine: CompiledMachine,
    number: int | None,
    document: Document,
    environment: str = PRODUCTION,
) -> Target:
    """Return the start target of what is live of a workflow, with the settings of what it runs.

    In production that is the alias `live`; elsewhere the version itself, for what starts it is written anew each time.
    """
    return Target(
        tenant_id=str(workflow.tenant_id),
        workflow_id=str(workflow.id),
        workflow_name=workflow.name,
        workflow_version=number,
        machine_arn=f"{machine.state_machine_arn}:live" if environment == PRODUCTION else machine.version_arn,
        machine_type="express" if machine.machine_type == "express" else "standard",
        time_zone=document.settings.time_zone,
        concurrency=document.settings.concurrency,
        environment=environment,
        variables=sorted(variables_read(one.model_dump(by_alias=True) for one in document.nodes).names),
    )
