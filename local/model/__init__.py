"""A small language model that runs on this machine, so that AI nodes work without a key.

environment  its own virtual environment, with the model's file
engine       the process that answers, under that environment; nothing of the product
running      starts the engine when it is first asked, and ends it when nobody asks any more
serving      OpenAI's wire format at `/model/v1` of the demo service
"""
