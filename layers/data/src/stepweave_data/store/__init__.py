"""The store of a tenant: values by key, and tables with rows. Plain psycopg, within a transaction of the tenant's.

The function `store` does it for nodes, the API for people (docs/guides/store.md, ADR 29).
"""
