"""Structured logs: the control plane's logger."""

from stepweave_data.telemetry import logger

__all__ = ["logger"]
