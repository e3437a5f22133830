"""Publishing: a draft becomes an immutable version, and the alias `live` moves to it.

    publisher          the way, and who may be on it: one at a time for a workflow
    machines           a document as a state-machine version on AWS, and the alias `live`
    schedules          a document's schedules as values, in EventBridge and back out of it
    webhooks           a document's webhooks as values, and whose paths are taken
    hook_targets       what calls of a webhook need to know, and what of it cannot be
    forms              a document's forms as values, among its webhooks
    registrations      a document's triggers with code, at their providers
    places             environments: where a version is live, and what of a document is different there
    gates              whether a second person has to say so first
    readiness          what a version needs in an environment
    trigger_refusals   why one was not registered
    versions           the numbered, immutable versions

Three rules. What AWS has more of than before (a machine, a version) starts nothing, so it is made first and left there.
What AWS and providers are told that does start something (schedules, the alias, triggers) is told before the one
transaction, while no row is locked, and taken back where a later step fails. What only ends something is told after it.
"""

from api.services.publishing.machines import live_target
from api.services.publishing.publisher import Publisher

__all__ = ["Publisher", "live_target"]
