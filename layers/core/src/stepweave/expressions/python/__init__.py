"""Python of code nodes: a warm process that forks a locked one for each run (docs/adr/0030-code-sandboxes.md).

`sandbox` is the way in. The files named `child*` are loaded by that process, by their bare names, and import nothing of
ours but each other and `system_calls`.
"""
