"""Say with how many examples a property is tried: few at each `make test`, many at `make test-properties`."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("GOV_EXAMPLES", "1"))


def tried(examples: int, **more: object) -> settings:
    """Return the settings of a property that is tried with so many examples, or times as many as asked for.

    A busy machine makes any example slow; what must be quick is measured by tests of its own.
    """
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        **more,  # type: ignore[arg-type]
    )
