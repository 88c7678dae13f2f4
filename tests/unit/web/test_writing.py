"""What is written by the functions is what the schemas describe."""

import json

import pytest
from flask import Flask

from gov_portal.web.api import views
from gov_portal.web.api.writing import written
from tests.factories.views import a_case, a_case_row, a_draft, a_notice, a_queue_row, a_work, item_row

SHOWN = {
    "case": (views.CASE, a_case),
    "draft": (views.DRAFT, a_draft),
    "work": (views.WORK, a_work),
    "cases": (views.CASES, lambda: {"items": (a_case_row(),)}),
    "queue": (views.QUEUE, lambda: {"items": (a_queue_row(),)}),
    "notice": (views.NOTICE, a_notice),
    "items": (views.ITEMS, lambda: {"items": (item_row(),)}),
    "nothing": (views.NEW_JOB, lambda: {"job": None, "total": 0}),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_what_its_schema_says(name: str, language: str) -> None:
    schema, make = SHOWN[name]
    app, value = Flask("writing"), make()
    with app.test_request_context("/api/v1/x", headers={"Accept-Language": language}):
        assert json.loads(written(schema, value)) == json.loads(app.json.dumps(schema.dump(value)))
