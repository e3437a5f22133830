"""The HTTP request node as a value."""

from functions.nodes.network.http_request.fields import Address, Answers, Content
from functions.nodes.network.http_request.paging_fields import Paged
from stepweave.spec.authentication import WAY_CREDENTIALS, Authenticated
from stepweave.spec.http_fields import CONNECTION_CREDENTIALS, Connecting, Pacing
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec


class Params(Connecting, Pacing, Answers, Paged, Content, Authenticated, Address):
    """The request, and what becomes of the response."""


DOCS = """\
Sends one HTTP request for each input item, a few at a time, and gives back the responses in the order of the items.

**URL.** A percent sign with two hexadecimal digits behind it stays; every other one becomes `%25`, and what a URL
cannot have (spaces, quotes, brackets, backslashes, letters beyond ASCII) is escaped, so nothing is escaped twice.
`&`, `=` and `+` stay what they are, and what follows `#` is not sent: a value that may hold such characters belongs
into *Query*, where everything is escaped. Hosts beyond ASCII are sent as IDNA writes them. Line breaks and user names
are refused.

**Rows of query, headers and form.** A list sends its name once for each entry, null or a missing field leaves the row
out, empty text is sent. Numbers and booleans are written as JavaScript writes them; an object is refused with its
row. Header values beyond ASCII go out as UTF-8. A text body is sent in the charset that its content type declares.

**Form with files** sends `multipart/form-data`: the rows of *Fields*, then those of *Files*, whose values name files of
the item (`data` for `binary.data`; a list sends several under one name) or are files themselves, as
`{{ $binary.data }}` or `{{ $node["Download"].binary.data }}` give them. Names go out in UTF-8; a file without a name
is called `file`, and `{{ ({ ...$binary.data, fileName: "index.html" }) }}` gives it another. The header's boundary is
the node's: a `Content-Type` in *Headers* may say another kind of `multipart/...`, and nothing else. **File** sends a
file as the whole body, with its own content type unless *Headers* says another.
Files are read and sent piece by piece, of any size, with their `Content-Length`; a redirect that keeps the body, or a
retry, begins the file anew.

**Responses that come bit by bit.** Events (`text/event-stream`) and JSON lines are shown in the editor while they
arrive. What the node gives is the whole response when it has ended.

**Output.** The body of each response. With *Where the list is*, the entries of that list become the items.
JSON objects become items as they are; a JSON list becomes one item per entry
(*Split lists into items*), and so do JSON lines (NDJSON, known by their content type, or chosen); any other JSON
value and text stand under `data`. A response without a body gives an item without fields. A file lies in
`binary.data`, with `fileName`, `mimeType` and `size` in the item. With *Include status and headers* an item is
`{status, headers, body}`: header names are in lower case, `set-cookie` is a list, others that stand several times are
joined by `, `.

**Text.** Its characters are read as, in this order, a byte order mark, the content type's charset, XML's declaration
or HTML's meta say, with the labels that browsers know; without any it is UTF-8, or else windows-1252, which the log
says. A charset that nobody knows is an error unless the bytes are UTF-8.

**Numbers in JSON.** Whole numbers beyond 2^53 become text, so that no digit changes (`"9007199254740993"`); the log
says so. To send one as a number, write the body as JSON text: `{"id": {{ $json.id }}}`. A number too large for a
double (`1e400`), `NaN` and `Infinity` are refused. Of a name that an object has twice, the last counts, and the log
says so.

**Authentication.** A secret in a header or in the query, a bearer token, user and password (basic or digest), OAuth2,
or a signature for AWS (version 4): service and region as the host says, or as *AWS service* and *AWS region* do.
*An app's credential* takes one of any type that goes with HTTP requests; it is sent to that app's hosts only. A client
certificate (*Options*) goes along with any of them.

**Pages.** All pages of a list are asked for, and their items come one after the other. The next page's URL may be in
the header `Link` or in the answer, or the request carries a page's number, how many to skip, or a cursor from the
answer, in its query or its body. Places in the answer are paths (`meta.next`) or expressions over it, where `$json` is
`{status, headers, body, page, items}`: `{{ $json.headers["x-next"] }}`. *Where the list is* (`data`) says what the
items are.
By number and by skipping, the first empty page ends the list, or a 404 behind it; *More follow while* says it of
any. *Items at most* ends it without an error. More pages than *Pages at most*, or the same page once more, are an
error, or the end with a warning in the log. A next page at another server is not asked for. A page that is answered
with 429 or 503 and `Retry-After` of up to a minute is waited for.

**Rate.** *Requests at a time* are under way together; *Requests per second* spreads them. A credential's own limit
counts over all nodes that use it.

**Connections.** *Certificate authority* is trusted besides the public ones. Of *Hosts whose certificate is not checked*
nothing is checked. A *Proxy* is asked for a tunnel (CONNECT) to the address that the host's name was found to have:
neither it nor the address may be private.

**OAuth2.** The token goes as `Authorization: Bearer ...` and is renewed before it ends; where the server answers 401
all the same, it is renewed and the request sent once more.

**Redirects.** 301, 302 and 303 turn a POST into a GET without a body; 307 and 308 keep both. Credentials, cookies and
headers whose names tell of a secret (`authorization`, `x-api-key`, `...token...`) go to the first server only, and so
do signatures and client certificates. *Keep the method when redirected* sends a POST on as one.

**Retries.** Items that are done are not sent again. A server that answers 429 or 5xx with `Retry-After` (seconds or a
date) is asked again after that time, where the step lasts that long. *Send an idempotency key* sends a header whose
value is the same in every attempt of an item, and in a run that goes on from a failed one; a row of that name in
*Headers* takes its place. A request without an answer may have been acted on: servers that know the key act once.

**Errors.** `HttpClientError` (status 4xx), `HttpRateLimited` (429), `HttpServerError` (5xx), `ConnectionFailed`,
`RequestTimeout`, `ResponseInvalid` (wrong content type, JSON that is none, an unknown charset or compression,
compressed data that breaks off, pages that repeat), `ResponseTooLarge` (or too many pages),
`AddressForbidden` (a private or internal address),
`TooManyRedirects`, `CredentialNotForHost` (the credential names the hosts it may be sent to, and this is none),
`DataMissing` (a file that is not there any more).
429, 5xx, time-outs and connection failures are retried where the node has retries. The remote's
own words are in the message.

**Example.** `GET https://api.example.com/rates` with query `base` = `{{ $json.currency }}`.
"""

SPEC = NodeSpec(
    type="http_request",
    name="HTTP request",
    category=Category.NETWORK,
    icon="globe",
    summary="Calls any HTTP API, once per item.",
    docs=DOCS,
    params=Params,
    subtitle="{method} {url}",
    credentials=(*WAY_CREDENTIALS, *CONNECTION_CREDENTIALS),
    network=True,
    timeout_seconds=120,
    memory_mb=512,
    errors=HTTP_ERRORS,
    retryable=HTTP_RETRYABLE,
    output_example=({"id": 7, "status": "open"},),
)
