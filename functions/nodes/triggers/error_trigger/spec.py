"""The error trigger as a value."""

from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class Params(NodeParams):
    """Nothing: which workflows' failures come here is set in those workflows."""


DOCS = """\
Starts the published workflow when an execution of another workflow fails or takes too long, where that one's settings
name this workflow as its *error workflow*. Failures of test runs do not count, nor do those of error workflows
themselves.

**Output.** One item. `execution`: `id`, `url`, `status` (`failed` or `timed_out`), `error` with `type`, `message` and
perhaps `remedy`, `mode`, `trigger` (what started it: `webhook`, `schedule`, `app`, `workflow`, `manual`), `startedAt`,
`endedAt`, `lastNodeExecuted` (the name of the node that failed; null where none did), `retryOf` (the execution that it
goes on with or repeats; null), `parentId` (the execution that called it; null). `workflow`: `id`, `name`, `version`,
`url`. `node` (`id`, `name`, `type`) of the node that failed; null where none did, as when the execution's time was up.

**Errors.** None: nothing runs here.

**Example.** Behind it, an *Email* with the subject `{{ $json.workflow.name }} failed` and the text
`{{ $json.node?.name }}: {{ $json.execution.error.message }} - {{ $json.execution.url }}`.
"""

SPEC = NodeSpec(
    type="error_trigger",
    name="When a workflow fails",
    category=Category.TRIGGER,
    icon="siren",
    summary="Starts when another workflow fails that names this one.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    trigger=TriggerKind.ERROR,
    output_example=(
        {
            "execution": {
                "id": "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002",
                "url": "https://stepweave.example/executions/5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002",
                "status": "failed",
                "error": {
                    "type": "HttpServerError",
                    "message": "The server answered with status 503.",
                    "retryable": True,
                },
                "mode": "live",
                "trigger": "webhook",
                "startedAt": "2026-11-23T09:00:00.000Z",
                "endedAt": "2026-11-23T09:00:02.000Z",
                "lastNodeExecuted": "Fetch order",
                "retryOf": None,
                "parentId": None,
            },
            "workflow": {
                "id": "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003",
                "name": "Order triage",
                "version": 3,
                "url": "https://stepweave.example/workflows/9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003",
            },
            "node": {"id": "n4", "name": "Fetch order", "type": "http_request"},
        },
    ),
)
