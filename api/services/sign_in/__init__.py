"""Signing in by a workspace's identity provider, OpenID Connect (ADR 53).

provider      what a provider says of itself, and the requests to it
id_tokens     whether an ID token is what was asked for
connections   setting one up
arriving      sending somebody there, and taking them back
"""
