"""Structured logs, by Powertools."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """Return the API's logger."""
    return Logger(service="api", use_rfc3339=True)
