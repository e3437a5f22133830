"""One folder per node type: `spec.py` (what it is), `run.py` (what it does), `handler.py` (its Lambda function).

Node packages never import each other. A trigger has a spec only: executions start with its items.
"""
