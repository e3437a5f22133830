"""State machines: a document as a version on AWS, made once for each compiled hash, and the alias `live`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.ports import StateMachines
from api.repositories.rows import Duplicate, rows_of
from api.services.apis.calls import with_operations
from api.services.callees import with_tools
from api.services.compiling import compile_document
from api.services.tokens import Principal
from api.settings import settings
from stepweave.aws.control.state_machines import Published
from stepweave.compiler import Compiled, CompileOptions
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave_data.models import CompiledMachine, Workflow
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
            known = rows.machines.find(workflow.id, compiled.hash)
        if known is not None:
            return known
        made = self._published(f"{settings().prefix}-{workflow.id}-{compiled.type.lower()}", compiled)
        machine = CompiledMachine(
            tenant_id=principal.tenant_id,
            workflow_id=workflow.id,
            compiled_hash=compiled.hash,
            machine_type=compiled.type.lower(),
            state_machine_arn=made.state_machine_arn,
            version_arn=made.version_arn,
            definition=compiled.definition,
            states=dict(compiled.states),
        )
        try:
            with rows_of(principal.tenant_id) as rows:
                return rows.put(machine)
        except Duplicate:  # somebody made the same at the same time; AWS gave both the same version
            with rows_of(principal.tenant_id) as rows:
                theirs = rows.machines.find(workflow.id, compiled.hash)
            if theirs is None:
                raise
            return theirs

    def point(self, machine: CompiledMachine) -> None:
        """Move `live` to a machine's version. Raises AwsError."""
        self.port().point(machine.state_machine_arn, machine.version_arn)

    def point_back(self, former: CompiledMachine) -> None:
        """Move `live` back to where it was. Raises nothing: the failure that led here is the one to tell."""
        try:
            self.point(former)
        except Exception as error:  # whatever the adapter raises
            logger().error("`live` could not be moved back", machine=former.state_machine_arn, error=repr(error))

    def _published(self, name: str, compiled: Compiled) -> Published:
        """Publish a machine after those nested in it, whose versions' ARNs take the places kept for them."""
        versions: dict[str, str] = {}

        def whole(definition: Mapping[str, Any]) -> str:
            text = json.dumps(definition)
            for placeholder, version in versions.items():
                text = text.replace(f'"{placeholder}"', f'"{version}"')
            return text

        kind, note = compiled.type.lower(), compiled.hash[:64]
        for number, part in enumerate(compiled.machines):
            made = self.port().publish(f"{name}-part{number}", kind, whole(part.definition), note)
            versions[part.placeholder] = made.version_arn
        return self.port().publish(name, kind, whole(compiled.definition), note)


def live_target(workflow: Workflow, machine: CompiledMachine, number: int | None, document: Document) -> Target:
    """Return the start target of a workflow's alias `live`, with the settings of what it runs."""
    return Target(
        tenant_id=str(workflow.tenant_id),
        workflow_id=str(workflow.id),
        workflow_name=workflow.name,
        workflow_version=number,
        machine_arn=f"{machine.state_machine_arn}:live",
        machine_type="express" if machine.machine_type == "express" else "standard",
        time_zone=document.settings.time_zone,
        concurrency=document.settings.concurrency,
    )
