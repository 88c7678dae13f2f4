"""Who is accepted, when, and in which order: errors corrected on the spot (32(1)(3)), places under a quota (57).

Days off and worked Saturdays and Sundays: State Council notices 国办发明电〔2023〕7号, 〔2024〕12号 and 〔2025〕7号.
"""

from datetime import date, datetime

import pytest

from tests.factories.cases import APPLICANT, CALENDAR, SAMPLE, Story, at, item_from
from tests.unit.workflows.reporting.test_reports import file_of
from workflows.domain.commands import Mark, Result, ResultKind, ReturnSupplement
from workflows.domain.state import Status
from workflows.engine.refusals import ActNotAllowed, MarkOutOfScope, ReasonMissing
from workflows.reporting.rows import report_of

ACCOUNT = {path: SAMPLE[path] for path in ("applicant.name", "applicant.id_no", "applicant.region")}


def received(on: str) -> Story:
    story = Story(item_from("law/quota.yaml"), now=at(on))
    return story.apply_with({**ACCOUNT, "plan.note": "样例", "plan.other": "样例"})


def corrected(story: Story, value: str, *, on: str) -> None:
    key = story.task("accept").key
    story.give(ReturnSupplement(key, {"plan.note": value}), APPLICANT, on=on)


def accepted_at(story: Story) -> datetime:
    """Return the moment of acceptance as the department reads it in the reports of cases."""
    (acceptance,) = report_of(file_of(story)).acceptance
    assert acceptance.accepted_at is not None
    return acceptance.accepted_at


# Received; corrected an hour later; the end of the five days, which the correction neither stops nor begins anew.
ON_THE_SPOT = [
    # 8, 9, 10, 11, 12 (a worked Saturday) October 2024.
    ("2024-09-30", date(2024, 10, 12)),
    # 28 (a worked Sunday), 29, 30 September, 9, 10 October 2025.
    ("2025-09-26", date(2025, 10, 10)),
    # 13, 14 (a worked Saturday), 24, 25, 26 February 2026.
    ("2026-02-12", date(2026, 2, 26)),
]


@pytest.mark.parametrize(("on", "last"), ON_THE_SPOT, ids=[on for on, _ in ON_THE_SPOT])
def test_an_error_is_corrected_on_the_spot_and_the_five_days_run_on(on: str, last: date) -> None:
    story = received(f"{on} 09:00")
    story.act("accept", "correct", marks=(Mark("plan.note", "错字"),), on=f"{on} 09:30")
    corrected(story, "改正", on=f"{on} 10:15")
    assert (story.values["plan.note"], story.values["plan.note@1"]) == ("改正", "样例")
    task = story.task("accept")
    assert (task.key, task.due_at) == ("accept.2", CALENDAR.end_of_day(last))
    story.act("accept", "ok", on=f"{on} 10:30")
    assert str(story.state.clock.started_on) == str(story.state.clock.received_on) == on


def test_what_is_not_corrected_on_the_spot_closes_nothing_and_is_no_notice() -> None:
    story = received("2025-09-26 09:00")
    story.act("accept", "correct", marks=(Mark("plan.note", "错字"),), on="2025-09-26 09:30")
    story.due("2025-09-26 10:31")
    assert story.task("accept").due_at == CALENDAR.end_of_day(date(2025, 10, 10))
    # The one notice of everything that is wanting (32(1)(4)) is still to come, and names what it must.
    story.act("accept", "supplement", marks=(Mark("plan.note", "错字"), Mark("plan.other", "不全")))
    story.hand_in(plan__note="改正", plan__other="补全", on="2025-10-10 09:00")
    with pytest.raises(MarkOutOfScope):
        story.act("accept", "correct", marks=(Mark("applicant.name", "错字"),))
    assert story.state.clock.received_on == date(2025, 10, 10)


def test_corrections_asked_for_again_and_again_do_not_put_acceptance_off() -> None:
    story = received("2026-02-12 09:00")
    for day in ("2026-02-12", "2026-02-13", "2026-02-24", "2026-02-26"):
        story.act("accept", "correct", marks=(Mark("plan.note", "错字"),), on=f"{day} 16:00")
        corrected(story, day, on=f"{day} 16:30")
    story.due("2026-02-27 00:00")
    assert story.happening("deemed").at == CALENDAR.end_of_day(date(2026, 2, 26))
    # 32(4): accepted from the day on which the application was received.
    assert story.state.clock.started_on == date(2026, 2, 12)


def test_places_under_a_quota_go_by_the_order_of_acceptance() -> None:
    # Received in this order; the third is accepted before the second, and the first, of which nobody said anything in
    # five days (27, 28, 29, 30 April, 6 May 2026), counts as accepted from the day of its receipt.
    silent, slow, quick = (received(f"2026-04-{day} 10:00") for day in (24, 25, 27))
    quick.act("accept", "ok", on="2026-04-27 15:00")
    slow.act("accept", "ok", on="2026-04-28 09:00")
    silent.due("2026-05-07 00:00")
    in_line = sorted((slow, quick, silent), key=accepted_at)
    assert in_line == [silent, quick, slow]
    for number, story in enumerate(in_line, start=1):
        place = {"place.number": number, "place.is_within": number <= 2}
        story.give(Result("place", 1, ResultKind.DONE, fields=place), on="2026-05-08 09:00")
    for story in (silent, quick):
        story.act("decide", "ok", on="2026-05-08 10:00")
        assert (story.state.status, story.state.outcome) == (Status.CLOSED, "granted")
    with pytest.raises(ActNotAllowed):
        slow.act("decide", "ok", on="2026-05-08 10:00")
    with pytest.raises(ReasonMissing):
        slow.act("decide", "deny", reason="")
    slow.act("decide", "deny", reason="名额已按受理先后用完（行政许可法 57）")
    assert slow.state.outcome == "denied"
