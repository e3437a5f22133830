"""The AWS of one machine: MiniStack, with its differences from AWS corrected while it runs.

Everything here runs under the emulator's own interpreter (see `environment`), which has MiniStack and nothing of ours:
this package imports the standard library, MiniStack and itself, and never `stepweave`, boto3 or the rest of `local`.
Start it with `python -m local.emulator`; docs/adr/0002-emulator.md says why it is built this way.
"""
