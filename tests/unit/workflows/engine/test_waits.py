"""A wait until a day ends with that day, or as it begins where the day is over."""

from datetime import date

import pytest

from tests.factories.cases import Story, at
from tests.factories.lint_pages import whole
from workflows.dsl.lint import compile_text

BLOCK = """item:
  assurance: {ial: 3}
data:
  applicant: {name: text(40), id_no: cn_id, birth: date, region: region}
  bench:     {place: text(60), kind: "enum(wood,stone)", age: "int(0..50)", day: date}
  verdict:   {grade: "enum(a,b)"}
form:
  basic: [bench.place, bench.kind, bench.age, bench.day]
flow:
  receipt:
  - apply: {by: applicant, form: [basic]}
  review:
  - grade: {decide: grade}
  - rest:  {wait: {until: bench.day}}
  decision:
  - approve: {by: checker, limit: 5wd, act: {ok: {label: 同意}, deny: {label: 不同意, end: denied}}}
  delivery:
  - done: {end: granted}
scenarios: {}
"""
GIVEN = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.birth": date(1980, 5, 1),
    "applicant.region": "470101",
    "bench.place": "东门",
    "bench.kind": "wood",
    "bench.age": 3,
}


@pytest.mark.parametrize(
    ("until", "ends_at"),
    # The case is submitted on 2 March 2026 at 9:00.
    [
        (date(2026, 3, 4), "2026-03-05 00:00"),
        (date(2026, 3, 1), "2026-03-02 09:00"),
        (date(1990, 5, 1), "2026-03-02 09:00"),
    ],
    ids=["to come", "yesterday", "long ago"],
)
def test_a_wait_until_a_day_that_is_over_ends_as_it_begins(until: date, ends_at: str) -> None:
    story = Story(compile_text(whole("", BLOCK), "bench.yaml")).apply_with({**GIVEN, "bench.day": until})
    story.due("2026-03-09 09:00")
    (left,) = [one for one in story.happenings if (one.kind, one.step) == ("left", "rest")]
    assert left.at == at(ends_at)
    assert story.task("approve").opened_at == left.at
