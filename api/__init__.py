"""The REST API: FastAPI on Lambda. Routers are thin, services hold the use cases, ports name what AWS must do."""
