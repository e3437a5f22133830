"""Language models: the providers' SDKs behind one interface, guarded, streamed, priced, with errors of our own.

    talking      what is said to a model and what it answers: values
    accounts     a provider's account, read from a credential
    providers    the model of an account; imports the SDK that it needs, and no other
    openai_chat (with openai_calls), anthropic_chat, with failures beside them
    bedrock_chat with bedrock_body, bedrock_client, bedrock_failures, bedrock_models: Amazon Bedrock through botocore
    tool_calls   what they want of tool calls and results
    tool_choice  tools for models without tool calls: a choice by a schema
    openai_services, bedrock_services, services: moderation, embeddings, transcription and images, asked in a step
    network      the SDKs' HTTP client, which reaches public addresses only
    steps        asking in a step: accounts, words shown, what is used, a model to fall back on
    structured   answers that keep to a JSON schema, repaired where they do not
    checking     schemas, and what is wrong with a value
    choosing     what the editor offers for fields
    listing      which models an account has
    trying       whether a credential works
    prices       what tokens cost
    errors       all of them

Import these modules in a node's `run`, not at its start: an SDK costs up to 2 s.
"""
