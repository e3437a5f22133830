"""Every refusal of the API: its code, its kind, its meaning. Routes name theirs, and the OpenAPI document tells them.

A code is stable: programs branch on it. A new one is a line here, and a name in `refusals(...)` of the routes that
answer with it (`tests/api/test_openapi.py` finds those that do not).
"""

from typing import Final

from api.refusals import Code, Kind, Refused

# Every request
INVALID_JSON: Final = Code("invalid_json", Kind.MALFORMED, "The body is no JSON, or JSON that cannot be stored.")
UNSUPPORTED_TYPE: Final = Code("unsupported_type", Kind.WRONG_TYPE, "The body's content type is not JSON.")
IDEMPOTENCY_KEY_REUSED: Final = Code(
    "idempotency_key_reused", Kind.INVALID, "The idempotency key came with another request within a day."
)
IDEMPOTENCY_KEY_IN_USE: Final = Code(
    "idempotency_key_in_use", Kind.CONFLICT, "The request with this idempotency key has no answer yet."
)
BAD_REQUEST: Final = Code("bad_request", Kind.MALFORMED, "A header is not what HTTP says it is.")
INVALID_REQUEST: Final = Code("invalid_request", Kind.INVALID, "Some fields are not valid; `errors` names them.")
NOT_FOUND: Final = Code("not_found", Kind.ABSENT, "It is not there, or another tenant's: the two look the same.")
TOO_LARGE: Final = Code("too_large", Kind.TOO_LARGE, "The request is larger than what is taken.")
ANSWER_TOO_LARGE: Final = Code("answer_too_large", Kind.INVALID, "The answer would be too large; ask for fewer.")
QUOTA_REACHED: Final = Code(
    "quota_reached",
    Kind.NOT_IN_PLAN,
    "The plan has no room for it; `kind` and `most` say of what there may be how much.",
)
TOO_MANY_REQUESTS: Final = Code(
    "too_many_requests",
    Kind.TOO_OFTEN,
    "Too many requests; `RateLimit` tells of the rate, `Retry-After` when to go on.",
)
TOO_MANY_EXECUTIONS: Final = Code(
    "too_many_executions",
    Kind.TOO_OFTEN,
    "As many executions wait as the plan lets wait; `Retry-After` says when to go on.",
)
TOO_MANY_TRIES: Final = Code("too_many_tries", Kind.TOO_OFTEN, "Too many tries; `Retry-After` says when to go on.")
INTERNAL_ERROR: Final = Code("internal_error", Kind.UNFORESEEN, "Nobody foresaw it; report the `requestId`.")
DATABASE_UNAVAILABLE: Final = Code("database_unavailable", Kind.UNAVAILABLE, "The database does not answer; try again.")
REDIS_UNAVAILABLE: Final = Code("redis_unavailable", Kind.UNAVAILABLE, "Redis does not answer; try again.")
MAIL_UNAVAILABLE: Final = Code("mail_unavailable", Kind.UNAVAILABLE, "The mail could not be sent; try again.")
AWS_UNAVAILABLE: Final = Code("aws_unavailable", Kind.UNAVAILABLE, "AWS does not answer; try again in a moment.")
AWS_REFUSED: Final = Code(
    "aws_refused", Kind.REFUSED_BY_AWS, "AWS refused what was asked of it; `detail` has its words."
)

# Who asks
NOT_LOGGED_IN: Final = Code("not_logged_in", Kind.UNKNOWN_CALLER, "There is no access token.")
TOKEN_EXPIRED: Final = Code("token_expired", Kind.UNKNOWN_CALLER, "The access token has expired; refresh the session.")
TOKEN_INVALID: Final = Code("token_invalid", Kind.UNKNOWN_CALLER, "The access token is not one of ours; log in.")
SESSION_EXPIRED: Final = Code("session_expired", Kind.UNKNOWN_CALLER, "The session has ended; log in again.")
SESSION_REUSED: Final = Code(
    "session_reused", Kind.UNKNOWN_CALLER, "The refresh token was used before: the session has been ended everywhere."
)
WRONG_LOGIN: Final = Code("wrong_login", Kind.UNKNOWN_CALLER, "The address or the password is wrong.")
OTHER_SITE: Final = Code("other_site", Kind.FORBIDDEN, "A page of another site asked for what reads our cookies.")
NOT_ALLOWED: Final = Code("not_allowed", Kind.FORBIDDEN, "The caller's role may not do this.")
ABOVE_YOU: Final = Code(
    "above_you", Kind.FORBIDDEN, "Nobody gives, changes or takes a role that may do what they may not."
)
LAST_OWNER: Final = Code("last_owner", Kind.CONFLICT, "A workspace keeps an owner.")
ROLE_IN_USE: Final = Code("role_in_use", Kind.CONFLICT, "Members or invitations have this role.")
ALREADY_MEMBER: Final = Code("already_member", Kind.CONFLICT, "They are a member of the workspace already.")
ALREADY_INVITED: Final = Code("already_invited", Kind.CONFLICT, "They are asked already.")
INVITATION_GONE: Final = Code("invitation_gone", Kind.GONE, "The invitation was used, withdrawn, or is too old.")
INVITATION_FOR_ANOTHER: Final = Code("invitation_for_another", Kind.FORBIDDEN, "The invitation is for another address.")
EMAIL_TAKEN: Final = Code("email_taken", Kind.CONFLICT, "There is an account with this address already.")
TENANT_TAKEN: Final = Code("tenant_taken", Kind.CONFLICT, "No path could be found for a workspace of this name.")
LINK_INVALID: Final = Code(
    "link_invalid", Kind.GONE, "The link of a mail was used already, is too old, or is none; ask for another."
)
WRONG_PASSWORD: Final = Code("wrong_password", Kind.INVALID, "This is not the caller's password.")
WEAK_PASSWORD: Final = Code("weak_password", Kind.INVALID, "The password is too easily guessed, or too long.")

# How people sign in
SECOND_FACTOR_NEEDED: Final = Code(
    "second_factor_needed",
    Kind.UNKNOWN_CALLER,
    "The password is right; `challenge` is to be answered with a second factor, in one of `ways`.",
)
CHALLENGE_EXPIRED: Final = Code(
    "challenge_expired", Kind.UNKNOWN_CALLER, "The challenge is too old, was answered, or was tried too often."
)
WRONG_FACTOR: Final = Code("wrong_factor", Kind.UNKNOWN_CALLER, "The code or passkey is not right, or was used before.")
SECOND_FACTOR_REQUIRED: Final = Code(
    "second_factor_required", Kind.FORBIDDEN, "The workspace asks for a second factor, and the caller has none yet."
)
CONFIRMATION_NEEDED: Final = Code(
    "confirmation_needed", Kind.FORBIDDEN, "Show who you are first (`confirmMe`); that holds for ten minutes."
)
SIGNED_IN_BY_PROVIDER: Final = Code(
    "signed_in_by_provider",
    Kind.FORBIDDEN,
    "A session that a provider vouched for, or an API key, does not reach this.",
)
PROVIDER_ONLY: Final = Code(
    "provider_only", Kind.FORBIDDEN, "The workspace lets its members in by its identity provider only."
)
NO_SIGN_IN: Final = Code("no_sign_in", Kind.ABSENT, "No workspace signs in by a provider under this name.")
PROVIDER_FAILED: Final = Code("provider_failed", Kind.INVALID, "The identity provider cannot be used as it is set up.")
FACTOR_EXISTS: Final = Code("factor_exists", Kind.CONFLICT, "There is one already.")
LAST_FACTOR: Final = Code("last_factor", Kind.CONFLICT, "It is the only second factor, and a workspace asks for one.")
NO_FACTOR_YET: Final = Code(
    "no_factor_yet", Kind.INVALID, "Who asks others for a second factor must have one themselves."
)
WRONG_CODE: Final = Code(
    "wrong_code", Kind.INVALID, "The code is not the one that the app shows now, or the passkey does not count."
)
PASSKEY_INVALID: Final = Code("passkey_invalid", Kind.INVALID, "The authenticator's answer does not count.")

# Workflows
STALE_REVISION: Final = Code(
    "stale_revision", Kind.CONFLICT, "Somebody saved in between; `revision` and `document` are theirs."
)
NEWER_SCHEMA: Final = Code("newer_schema", Kind.INVALID, "The document is of a newer Stepweave.")
INVALID_DOCUMENT: Final = Code("invalid_document", Kind.INVALID, "It is no workflow document; `errors` says where.")
PINNED_TOO_LARGE: Final = Code("pinned_too_large", Kind.INVALID, "A node has more pinned data than is stored.")
WORKFLOW_INVALID: Final = Code(
    "workflow_invalid", Kind.INVALID, "The workflow has errors; `diagnostics` says where, and what to change."
)
NAME_TAKEN: Final = Code("name_taken", Kind.CONFLICT, "There is one of this name already.")
NOT_READY: Final = Code(
    "not_ready", Kind.INVALID, "The environment lacks what the version needs; `needs` names it, and the nodes."
)
APPROVAL_NEEDED: Final = Code(
    "approval_needed", Kind.CONFLICT, "A second person approves what goes live in the environment: ask for it."
)
ALREADY_ASKED: Final = Code(
    "already_asked", Kind.CONFLICT, "A version of the workflow waits for its approval in the environment already."
)
OWN_REQUEST: Final = Code("own_request", Kind.FORBIDDEN, "Who asked does not decide, and only who asked takes it back.")
ENVIRONMENT_IN_USE: Final = Code(
    "environment_in_use", Kind.CONFLICT, "Workflows are live in the environment, or it is production, which stays."
)
VARIABLE_IN_USE: Final = Code(
    "variable_in_use", Kind.CONFLICT, "Published workflows read the variable; `workflows` names those that one sees."
)
CREDENTIAL_IN_USE: Final = Code(
    "credential_in_use", Kind.CONFLICT, "Workflows use the credential, or it stands for another one."
)
NOT_SHAREABLE: Final = Code("not_shareable", Kind.INVALID, "This credential cannot be shared so.")
FOLDER_IN_ITSELF: Final = Code("folder_in_itself", Kind.CONFLICT, "A folder cannot be below itself.")
TOO_DEEP: Final = Code("too_deep", Kind.INVALID, "It is nested more deeply than can be shown.")
TOO_MANY: Final = Code("too_many", Kind.INVALID, "There are as many as there may be.")

# Templates
TEMPLATE_UNUSABLE: Final = Code(
    "template_unusable", Kind.CONFLICT, "The template has nodes that are not here; `errors` names them."
)
# Alerts
ALERT_OVER: Final = Code("alert_over", Kind.CONFLICT, "The alert is resolved already.")
NO_TARGETS: Final = Code("no_targets", Kind.INVALID, "The alert rule tells nobody: there is nothing to test.")

# Projects
PROJECT_NEEDED: Final = Code("project_needed", Kind.INVALID, "The caller is in several projects: name one.")
PROJECT_NOT_EMPTY: Final = Code("project_not_empty", Kind.CONFLICT, "There is something in the project.")
DEFAULT_PROJECT: Final = Code("default_project", Kind.CONFLICT, "A workspace keeps the project of all its members.")
CREDENTIAL_ELSEWHERE: Final = Code(
    "credential_elsewhere", Kind.CONFLICT, "The workflow uses credentials of another project; `errors` names the nodes."
)

# APIs
API_INVALID: Final = Code("api_invalid", Kind.INVALID, "It is no OpenAPI document, or one that cannot be used.")

# Publishing
DRAFT_MOVED: Final = Code("draft_moved", Kind.CONFLICT, "The draft was saved while it was being published.")
PUBLISHING: Final = Code("publishing", Kind.CONFLICT, "Somebody else is publishing this workflow right now.")
WEBHOOK_TAKEN: Final = Code("webhook_taken", Kind.CONFLICT, "Another webhook has the same method and path.")
TRIGGER_REFUSED: Final = Code(
    "trigger_refused", Kind.INVALID, "A provider would not register a trigger; `diagnostics` says which, and why."
)
TRIGGER_UNAVAILABLE: Final = Code(
    "trigger_unavailable", Kind.UNAVAILABLE, "A trigger's provider does not answer; nothing was published."
)
STILL_REGISTERED: Final = Code(
    "still_registered", Kind.CONFLICT, "The trigger is live; unpublishing takes its registration away."
)
NOT_PUBLISHED: Final = Code("not_published", Kind.CONFLICT, "The workflow is a draft only.")

# Running
NO_TRIGGER: Final = Code("no_trigger", Kind.INVALID, "There is no such trigger that is not disabled.")
AMBIGUOUS_PART: Final = Code("ambiguous_part", Kind.INVALID, "More than one part of the workflow was asked for.")
UNKNOWN_NODE: Final = Code("unknown_node", Kind.INVALID, "There is no such node in what is to run.")
UNKNOWN_EXECUTION: Final = Code("unknown_execution", Kind.INVALID, "There is no such execution of this workflow.")
CANNOT_START_HERE: Final = Code(
    "cannot_start_here", Kind.INVALID, "The node is a trigger, disabled, or in the rounds of a loop."
)
CANNOT_LISTEN: Final = Code(
    "cannot_listen", Kind.INVALID, "The node is no trigger that hears of events, or it is disabled."
)
NO_DATA: Final = Code("no_data", Kind.INVALID, "There is no data to start with.")
DATA_GONE: Final = Code("data_gone", Kind.CONFLICT, "Data that the run would take is stored no longer.")
NOT_STARTED: Final = Code("not_started", Kind.UNAVAILABLE, "The execution could not be started; it is marked failed.")

# Executions
STILL_OPEN: Final = Code("still_open", Kind.CONFLICT, "The execution has not ended yet.")
NOTHING_FAILED: Final = Code("nothing_failed", Kind.CONFLICT, "No node outside a loop failed.")
ALREADY_ENDED: Final = Code("already_ended", Kind.CONFLICT, "The execution has ended already.")
NOT_CANCELLED: Final = Code("not_cancelled", Kind.UNAVAILABLE, "Step Functions did not stop the execution; try again.")
STOP_ENDED: Final = Code("stop_ended", Kind.CONFLICT, "Somebody has let the node go on already; `detail` says who.")
STOP_GONE: Final = Code("stop_gone", Kind.CONFLICT, "Nothing waits at the stop any more.")
EDIT_REFUSED: Final = Code("edit_refused", Kind.INVALID, "The items do not fit; `errors` says where and why.")
NOT_A_DEBUG_RUN: Final = Code("not_a_debug_run", Kind.CONFLICT, "The execution is no debug run.")
CANNOT_STOP_HERE: Final = Code(
    "cannot_stop_here", Kind.INVALID, "A breakpoint is where nothing can stop; `errors` says which and why."
)
EXECUTION_DELETED: Final = Code(
    "execution_deleted", Kind.GONE, "The execution was deleted, as old ones are; `detail` says when and why."
)
RETENTION_BEYOND_PLAN: Final = Code(
    "retention_beyond_plan",
    Kind.NOT_IN_PLAN,
    "The plan does not keep executions as long; `errors` says how long it does.",
)
ITEMS_GONE: Final = Code("items_gone", Kind.GONE, "The items are no longer stored, or were changed since.")

# Credentials
SECRETS_NEEDED: Final = Code(
    "secrets_needed", Kind.INVALID, "The secrets would go to another server; `errors` names those to enter again."
)
CREDENTIAL_CHANGED: Final = Code("credential_changed", Kind.CONFLICT, "Others are changing it at the same time.")

# Approvals
NOT_AN_APPROVER: Final = Code("not_an_approver", Kind.FORBIDDEN, "The approval is for others.")
ALREADY_DECIDED: Final = Code("already_decided", Kind.CONFLICT, "It has been decided already.")
ALREADY_VOTED: Final = Code("already_voted", Kind.CONFLICT, "The caller has decided already; others have yet to.")
APPROVAL_EXPIRED: Final = Code("approval_expired", Kind.CONFLICT, "The time to decide was over.")
APPROVAL_CANCELLED: Final = Code("approval_cancelled", Kind.CONFLICT, "The execution has ended.")
NO_SUCH_MEMBER: Final = Code("no_such_member", Kind.INVALID, "No member of the workspace has that address.")
INVALID_FORM: Final = Code("invalid_form", Kind.INVALID, "Answers are missing or not valid; `errors` names the fields.")
NOT_RESUMED: Final = Code("not_resumed", Kind.UNAVAILABLE, "The workflow could not be told; nothing was decided.")

# Credentials
NOT_CONNECTABLE: Final = Code("not_connectable", Kind.INVALID, "Nobody connects a credential of this type.")
CANNOT_CONNECT: Final = Code("cannot_connect", Kind.INVALID, "What the credential holds leads to no provider.")
NOT_TESTABLE: Final = Code("not_testable", Kind.INVALID, "There is no request that would tell whether it works.")

# Choices of fields
OPTIONS_NEED: Final = Code(
    "options_need", Kind.INVALID, "A field that the choices depend on has no value yet; `errors` names it."
)
OPTIONS_FAILED: Final = Code(
    "options_failed", Kind.INVALID, "The choices could not be loaded; `detail` says why, for the field."
)

ALL: Final = {code.name: code for code in list(globals().values()) if isinstance(code, Code)}


def not_found(what: str) -> Refused:
    """Return the refusal of something that is not there, or not the caller's: the two look the same."""
    return Refused(NOT_FOUND, f"There is no such {what}.")
