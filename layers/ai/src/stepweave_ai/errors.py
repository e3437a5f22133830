"""How asking a language model can fail. The provider's own words are in each message."""

from stepweave.runtime.errors import NodeError


class ModelAccessDenied(NodeError):
    """The provider does not take the credential, or the account may not use the model."""


class ModelNotFound(NodeError):
    """The provider has no model of that name."""


class ModelServiceMissing(NodeError):
    """The provider has no such service: no moderation, no embeddings, no transcription, no images."""


class ModelRequestInvalid(NodeError):
    """The provider refused what it was asked: a setting that the model does not take, say."""


class ContextTooLong(NodeError):
    """What was sent is longer than the model takes. `details` has `tokens` and `most`, where the provider says them."""


class ContentRefused(NodeError):
    """The provider or the model refused what was asked, or to answer it."""


class ModelQuotaSpent(NodeError):
    """The account has no credit left, or has reached its own limit."""


class ModelRateLimited(NodeError):
    """The provider takes no more requests or tokens at the moment. It may have said when it does again."""

    retryable = True


class ModelUnavailable(NodeError):
    """The provider failed, or is overloaded."""

    retryable = True


class ModelTimeout(NodeError):
    """No answer, or no next part of it, came in time."""

    retryable = True


class ModelStreamCut(NodeError):
    """The answer ended before it was whole. `details.text` has the beginning of what came."""

    retryable = True


class AnswerInvalid(NodeError):
    """The answer does not keep to the schema, after the model was told so. `details.errors` says where."""


class SpendingLimit(NodeError):
    """The run has used what it may. `details` has what, and the limit."""
