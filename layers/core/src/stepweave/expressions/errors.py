"""What can go wrong with an expression.

ExpressionError                it threw: a TypeError, a ReferenceError, the user's own throw
├── ExpressionSyntax           it is not JavaScript, or its braces do not close
└── ExpressionLimit            it ran out of something
    ├── ExpressionTimeout      time
    └── ExpressionMemory       memory, or depth of calls
"""


class ExpressionError(Exception):
    """An expression failed.

    `message` is the engine's own words; `field` the dotted path of the field it stands in; `position` the offset in
    characters inside that field's text, where known; `expression` its source.
    """

    def __init__(self, message: str, *, field: str = "", position: int | None = None, expression: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.position = position
        self.expression = expression


class ExpressionSyntax(ExpressionError):
    """An expression that cannot be read."""


class ExpressionLimit(ExpressionError):
    """An expression that ran out of its time or memory."""


class ExpressionTimeout(ExpressionLimit):
    """An expression that took longer than it may."""


class ExpressionMemory(ExpressionLimit):
    """An expression that used more memory than it may, or called itself too deeply."""
