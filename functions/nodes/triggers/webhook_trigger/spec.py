"""The webhook trigger as a value."""

from functions.nodes.triggers.webhook_trigger.params import Params
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind

DOCS = """\
Gives the workflow a URL and starts it with each request that arrives there, once it is published. A test URL beside it
answers while somebody listens in the editor; its call is shown there and starts nothing.

**Path.** `orders/new`, or with parameters: `orders/:id` is called as `orders/17`, and `{{ $json.params.id }}` is `17`.
Of several webhooks that fit a call, the one that is literal earlier counts: `orders/new` before `orders/:id`. Two that
differ by the names of parameters alone cannot both be published.

**Output.** One item: `method`, `path`, `params`, `headers` (names in lower case), `query`, and `body`: JSON where the
request was JSON, an object of fields where it was a form, text of the charset it names where it was text. Fields that
come several times, or whose name ends in `[]`, are a list. Files of a form lie in `binary`, under their fields' names;
any other body is a file too, `binary.data`, and `body` tells its type and size. With *Keep the raw body* the item also
has `rawBody`: the text exactly as it was sent; for a body that is no UTF-8 that is null, and `rawBodyBase64` has its
bytes. With a JSON Web Token its claims are in `jwt`.

**Who may call.** Anybody, who knows a secret header or a password, who brings a token of your key, or who signs the
body as GitHub, Stripe, Slack, Shopify, Svix or another sender does. Secrets lie in credentials. Signatures are checked
over the body as it was sent; those with a time hold for the seconds you choose.

**Once.** Calls with the same idempotency key (the header `Idempotency-Key`, or what you name) within a day start one
execution, and all get the first one's answer.

**Errors.** Requests are refused before anything runs: 404 for an unknown path, 401 without the right proof, 403 from
another address or where the secret is not set up, 400 when the body must be JSON and is not, holds what JSON cannot
carry, or is a broken form, or without the idempotency key, 413 when it is too large, 415 when it is packed in a way
that is not known here (gzip and deflate are), 429 for too many calls.

**Browsers.** Pages of the origins you allow may call. Their preflights start nothing. A HEAD is served as a GET whose
answer has no body.

**Example.** Path `orders/new`, answer *With a Respond to webhook node*. `curl -X POST .../hooks/acme/orders/new -d
'{"id": 7}'` starts the workflow; the next node reads `{{ $json.body.id }}`.
"""

SPEC = NodeSpec(
    type="webhook_trigger",
    name="Webhook",
    category=Category.TRIGGER,
    icon="webhook",
    summary="Starts when a request arrives at its URL.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{method} /{path}",
    trigger=TriggerKind.WEBHOOK,
    credentials=("http_header", "http_basic", "webhook_jwt", "webhook_secret"),
    output_example=(
        {
            "method": "POST",
            "path": "orders/new",
            "params": {},
            "headers": {"content-type": "application/json"},
            "query": {},
            "body": {"id": 7, "amount": 120.5},
        },
    ),
)
