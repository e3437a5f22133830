"""The models of an account that embed, for the editor to choose from."""

from typing import Final

from stepweave_ai.choosing import loaders

LOADERS: Final = loaders("embeddings")
