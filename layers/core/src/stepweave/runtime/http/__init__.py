"""The platform's HTTP client: what every node that calls a server sends with, so that all are guarded alike.

    url        which URLs can be asked, and how they are written on the wire
    request    a request ready to be sent: headers checked, secrets marked
    client     sends over kept-open connections, to public addresses only; redirects, time-outs, typed failures
    reading    a response's body within its limits: bytes, text, JSON, or a file, hashed on the way
    refusals   the errors of status 400 and above, with `Retry-After`
    operations runs the operations of an app (`stepweave.spec.operations`); asking, filling and paging are its parts
    errors     all of them

Import these modules when the first request is made, not when a function starts: with urllib3 they cost 0.08 s.
"""
