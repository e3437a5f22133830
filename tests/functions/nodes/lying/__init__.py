"""The lying-server battery: every node that asks HTTP servers, against servers that lie (`test_lying_servers.py`).

    lies       what a server can do wrong, and what must come of it
    made_up    parameters and credentials made from a node's own forms
    given      what cannot be made up: a line or two for a node type
    subjects   the nodes of the catalogue, ready to run

A node is in it as soon as it is in the catalogue. `docs/guides/write-an-app.md` says what to do where it asks for more.
"""
