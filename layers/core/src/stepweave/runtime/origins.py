"""The two addresses that a deployment has for browsers (docs/adr/0055-content-origin.md).

`STEPWEAVE_PUBLIC_URL` is the app's. `STEPWEAVE_CONTENT_URL` is where what tenants write is served: webhooks, callbacks,
forms and chats. Nothing of the app's is there, and no cookie.
"""

import os


def content_origin() -> str:
    """Return where webhooks, callbacks, forms and chats are served; "" where the deployment says no address at all."""
    return (os.environ.get("STEPWEAVE_CONTENT_URL") or os.environ.get("STEPWEAVE_PUBLIC_URL", "")).rstrip("/")
