"""The API's SQL, and nothing else: no rule of the product, no HTTP. Services ask `rows_of(tenant)` for a transaction
and its repositories; no session is opened, and no statement written, anywhere else in the API."""
