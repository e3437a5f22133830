"""Fixtures for every test, and how properties are checked."""

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.logs",
    "tests.fixtures.mariadb",
    "tests.fixtures.moto_server",
    "tests.fixtures.servers",
    "tests.fixtures.tenants",
]

# No test needs a timing: a busy machine draws slowly and computes slowly, and is right all the same. Graphs are large,
# and fixtures that the examples of a test share are made for that.
settings.register_profile(
    "stepweave",
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("stepweave")
