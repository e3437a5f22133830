"""The models of an account, for the editor to choose from."""

from stepweave_ai.choosing import LOADERS

__all__ = ["LOADERS"]
