"""Parameters that several routes have, with what they mean."""

import uuid
from typing import Annotated, Final

from fastapi import Path, Query

ITERATION: Final = r"^([0-9]{1,8}(\.[0-9]{1,8}){0,9})?$"
_NODE: Final = r"^[A-Za-z0-9_-]+$"

WorkflowId = Annotated[uuid.UUID, Path(description="The workflow.")]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="The version's number.")]
FolderId = Annotated[uuid.UUID, Path(description="The folder.")]
ApiId = Annotated[uuid.UUID, Path(description="The API.")]
MemberId = Annotated[uuid.UUID, Path(description="The member.")]
RoleId = Annotated[uuid.UUID, Path(description="The role of the workspace's own.")]
InvitationId = Annotated[uuid.UUID, Path(description="The invitation.")]
SessionId = Annotated[uuid.UUID, Path(description="The session.")]
ApiKeyId = Annotated[uuid.UUID, Path(description="The API key.")]
ServiceAccountId = Annotated[uuid.UUID, Path(description="The service account.")]
ProjectId = Annotated[uuid.UUID, Path(description="The project.")]
WithProjectId = Annotated[uuid.UUID, Path(description="The project that it is shared with: one that the caller sees.")]
ShareId = Annotated[uuid.UUID, Path(description="The share of the workflow.")]
TagId = Annotated[uuid.UUID, Path(description="The tag.")]
TriggerNodeId = Annotated[str, Path(max_length=64, pattern=_NODE, description="The trigger node.")]
ListenId = Annotated[uuid.UUID, Path(description="What `listenOnce` began.")]
RegistrationId = Annotated[uuid.UUID, Path(description="The registration of a trigger.")]
ScheduleId = Annotated[uuid.UUID, Path(description="The schedule.")]
ExecutionId = Annotated[uuid.UUID, Path(description="The execution.")]
StopId = Annotated[uuid.UUID, Path(description="The stop of a debug run.")]
ApprovalId = Annotated[uuid.UUID, Path(description="The approval.")]
NodeTypeName = Annotated[
    str, Path(max_length=100, pattern=r"^[a-z][a-z0-9_]*$", description="The node type, by its name in the catalogue.")
]
TalkId = Annotated[uuid.UUID, Path(description="The talk.")]
TableId = Annotated[uuid.UUID, Path(description="The table.")]
ColumnId = Annotated[str, Path(max_length=20, pattern=r"^c[0-9]+$", description="The column, by its id.")]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The row, by its number.")]
StoreName = Annotated[
    str, Query(alias="store", min_length=1, max_length=63, pattern=r"^[^\x00]*$", description="The store, by its name.")
]
OfProject = Annotated[
    uuid.UUID | None,
    Query(
        alias="projectId",
        description="The project that it is in; without it the one of all members, or the only one where you may.",
    ),
]
StoreKey = Annotated[str, Query(min_length=1, max_length=512, pattern=r"^[^\x00]*$", description="The key.")]
StorePrefix = Annotated[
    str, Query(max_length=512, pattern=r"^[^\x00]*$", description="What keys begin with; empty for all.")
]
EnvironmentKey = Annotated[
    str, Path(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$", description="The environment, by its key.")
]
TemplateId = Annotated[
    str,
    Path(
        max_length=64,
        pattern=r"^[a-z0-9-]+$",
        description="The template: one of ours by its name, one of the workspace by its id.",
    ),
]
OwnTemplateId = Annotated[uuid.UUID, Path(description="The template, one of the workspace's own.")]
VariableId = Annotated[uuid.UUID, Path(description="The variable.")]
ReleaseId = Annotated[uuid.UUID, Path(description="The release.")]
CredentialId = Annotated[uuid.UUID, Path(description="The credential.")]

Cursor = Annotated[
    str | None, Query(alias="cursor", description="`nextCursor` of the page before; without it the first page.")
]
Limit = Annotated[int, Query(ge=1, le=100, description="How many rows a page has at most.")]
LongLimit = Annotated[int, Query(ge=1, le=1000, description="How many rows a page has at most.")]
After = Annotated[int, Query(ge=0, le=2**31 - 1, description="The last sequence number one has.")]
NodeId = Annotated[str, Query(alias="nodeId", max_length=64, pattern=_NODE, description="The node.")]
OfNode = Annotated[str | None, Query(alias="nodeId", max_length=64, pattern=_NODE, description="Of this node only.")]
Port = Annotated[str, Query(max_length=64, pattern=_NODE, description="The node's port.")]
Iteration = Annotated[
    str, Query(max_length=100, pattern=ITERATION, description="The round of the node's loops; empty outside of them.")
]
