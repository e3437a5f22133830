"""Trying out triggers of a draft: those with code, and webhooks at their test URLs."""

from api.services.listening.heard import LISTEN_SECONDS, Heard
from api.services.listening.trying import NEWEST, Listening

__all__ = ["LISTEN_SECONDS", "NEWEST", "Heard", "Listening"]
