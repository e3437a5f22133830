"""The tables as SQLAlchemy models, column for column what the migrations make."""

from stepweave_data.models.ai import ChatTurn, MemoryMessage, MemorySession, ModelPrice, ModelSpending, TenantBudget
from stepweave_data.models.alerts import Alert, AlertDelivery, AlertEnd, AlertHealth, AlertRule, StatusPage
from stepweave_data.models.audit import Audit, AuditChain, AuditHead, CredentialRead, PlatformRefusal
from stepweave_data.models.base import Base, Written
from stepweave_data.models.connections import Api, Credential, CredentialShare
from stepweave_data.models.debugging import DebugRun, DebugStop
from stepweave_data.models.environments import CredentialMapping, Environment, LiveVersion
from stepweave_data.models.executions import (
    ApprovalDecision,
    DeletedExecution,
    Execution,
    ExecutionEvent,
    ExecutionTurn,
    NodeRun,
    NodeUsage,
    RetentionWait,
    Wait,
)
from stepweave_data.models.factors import AuthenticatorApp, Passkey, RecoveryCode
from stepweave_data.models.people import (
    AccountLetter,
    ApiKey,
    Invitation,
    LoginSession,
    Membership,
    RefreshToken,
    Role,
    Tenant,
    User,
)
from stepweave_data.models.plans import HeldAmount, MeteringEvent, Plan, UsageMonth
from stepweave_data.models.projects import Project, ProjectMember, WorkflowShare
from stepweave_data.models.releases import Release, WasLive
from stepweave_data.models.rollups import ErrorCount, ErrorGroup, RolledExecution, Rollup, RollupDay, RollupQueue
from stepweave_data.models.sign_in import SignInConnection, SignInIdentity
from stepweave_data.models.store import FileLink, KeptFile, StoreDone, StoreEntry, StoreRow, StoreSeen, StoreTable
from stepweave_data.models.templates import OwnTemplate, TemplateVersion
from stepweave_data.models.triggers import Registration, Schedule, TriggerSwitch, Webhook
from stepweave_data.models.variables import Variable, VariableValue
from stepweave_data.models.workflows import (
    CompiledMachine,
    Folder,
    LeavingMachine,
    Tag,
    Workflow,
    WorkflowTag,
    WorkflowVersion,
)

__all__ = [
    "AccountLetter",
    "Alert",
    "AlertDelivery",
    "AlertEnd",
    "AlertHealth",
    "AlertRule",
    "Api",
    "ApiKey",
    "ApprovalDecision",
    "Audit",
    "AuditChain",
    "AuditHead",
    "AuthenticatorApp",
    "Base",
    "ChatTurn",
    "CompiledMachine",
    "Credential",
    "CredentialMapping",
    "CredentialRead",
    "CredentialShare",
    "DebugRun",
    "DebugStop",
    "DeletedExecution",
    "Environment",
    "ErrorCount",
    "ErrorGroup",
    "Execution",
    "ExecutionEvent",
    "ExecutionTurn",
    "FileLink",
    "Folder",
    "HeldAmount",
    "Invitation",
    "KeptFile",
    "LeavingMachine",
    "LiveVersion",
    "LoginSession",
    "Membership",
    "MemoryMessage",
    "MemorySession",
    "MeteringEvent",
    "ModelPrice",
    "ModelSpending",
    "NodeRun",
    "NodeUsage",
    "OwnTemplate",
    "Passkey",
    "Plan",
    "PlatformRefusal",
    "Project",
    "ProjectMember",
    "RecoveryCode",
    "RefreshToken",
    "Registration",
    "Release",
    "RetentionWait",
    "Role",
    "RolledExecution",
    "Rollup",
    "RollupDay",
    "RollupQueue",
    "Schedule",
    "SignInConnection",
    "SignInIdentity",
    "StatusPage",
    "StoreDone",
    "StoreEntry",
    "StoreRow",
    "StoreSeen",
    "StoreTable",
    "Tag",
    "TemplateVersion",
    "Tenant",
    "TenantBudget",
    "TriggerSwitch",
    "UsageMonth",
    "User",
    "Variable",
    "VariableValue",
    "Wait",
    "WasLive",
    "Webhook",
    "Workflow",
    "WorkflowShare",
    "WorkflowTag",
    "WorkflowVersion",
    "Written",
]
