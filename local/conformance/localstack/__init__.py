"""LocalStack 4.14 from PyPI, without Docker: the second engine of the conformance runs.

It runs in an environment of its own with Python 3.13. `environment` makes that, `launch` starts LocalStack in it,
`executor` and `worker` run Lambda functions as processes of this machine.
"""
