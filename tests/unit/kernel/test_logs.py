import io
import json
import logging
from collections.abc import Iterator

import psycopg
import pytest
import structlog

from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.logs import REMOVED, configure
from tests.factories.personal import NUMBERS


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    handlers, level = logging.root.handlers, logging.root.level
    stream = io.StringIO()
    configure("info", is_json=True, stream=stream)
    yield stream
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


def written(output: io.StringIO) -> dict[str, object]:
    return json.loads(output.getvalue().splitlines()[-1])


def log() -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger("test")


@pytest.mark.parametrize(
    "value",
    [*NUMBERS, 12012345678, 470101199003074514],
)
def test_numbers_of_people_are_removed_wherever_they_stand(output: io.StringIO, value: object) -> None:
    log().info(f"seen {value}", plain=value, nested={"list": [f"no. {value}，"]}, **{f"key {value}": 1})
    assert str(value) not in output.getvalue()
    assert written(output)["plain"] == REMOVED


@pytest.mark.parametrize(
    "value",
    [
        "018f4d3e-1201-7234-8567-120123456789",
        "2026-03-02T01:00:00Z",
        "470101-20260302-0000123-K",
        "case:12",
        1700000000,
    ],
)
def test_ids_times_and_case_numbers_stay(output: io.StringIO, value: object) -> None:
    log().info("seen", value=value)
    assert written(output)["value"] == value


def test_the_standard_library_logs_through_the_same_filter(output: io.StringIO) -> None:
    logging.getLogger("celery").warning("received %s", "470101199003074514")
    assert written(output)["event"] == f"received {REMOVED}"
    assert written(output)["level"] == "warning"


def test_messages_of_foreign_exceptions_are_not_written(output: io.StringIO) -> None:
    try:
        int("张三")
    except ValueError:
        log().exception("failed")
    assert "张三" not in output.getvalue()
    assert written(output)["error"] == "ValueError"
    assert "test_logs.py" in str(written(output)["exception"])


def test_own_errors_are_named_by_code(output: io.StringIO) -> None:
    log().warning("refused", exc_info=Invalid(field="name"))
    assert written(output)["error"] == "Invalid invalid"


def test_database_errors_are_named_by_state(output: io.StringIO) -> None:
    log().warning("failed", exc_info=psycopg.errors.UniqueViolation("Key (name)=(张三)"))
    assert written(output)["error"] == "UniqueViolation 23505"
    assert "张三" not in output.getvalue()


def test_the_level_is_heeded(output: io.StringIO) -> None:
    log().debug("quiet")
    assert output.getvalue() == ""
