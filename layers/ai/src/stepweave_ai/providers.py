"""The models of an account. Imports the SDK that it needs, and no other: each costs a second."""

from stepweave_ai.accounts import Account
from stepweave_ai.talking import ChatModel
from stepweave_ai.tool_choice import ToolChoice


def chat_model(account: Account) -> ChatModel:
    """Return the models of an account; those without tool calls choose by a schema."""
    return ToolChoice(_own(account), always=not account.has_tools)


def _own(account: Account) -> ChatModel:
    if account.provider == "anthropic":
        from stepweave_ai.anthropic_chat import AnthropicChat

        return AnthropicChat(account)
    if account.provider == "bedrock":
        from stepweave_ai.bedrock_chat import BedrockChat

        return BedrockChat(account)
    from stepweave_ai.openai_chat import OpenAIChat

    return OpenAIChat(account)
