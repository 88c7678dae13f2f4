"""What was typed before another answer made it needless never reaches a licence."""

from tests.factories.town import Town
from workflows.domain.commands import ActOn


def test_a_guardian_of_somebody_who_needs_none_is_not_printed(town: Town) -> None:
    case = town.draft(kind="mental")
    town.cases.save_page(
        case, page="guardian", raw={"guardian.name": "旁人", "guardian.id_no": "47010119800501001X"}, by=town.citizen
    )
    town.cases.save_page(case, page="basic", raw={"claim.kind": "hearing"}, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.act(case, "accept.1", "ok", by=town.window)
    town.deliver_all()
    town.assess(case)
    town.move("2026-03-11")
    town.cases.fire_due()
    town.vote(case, "ok", "ok")
    town.cases.act(case, ActOn("approve.1", "ok"), by=town.leader)
    town.deliver_all()
    ((request, _),) = town.doubles.licences.issued.values()
    name, _, _, guardian, kind, grade = request.given
    assert (name, guardian, kind, grade) == ("样例", "", "hearing", "g2")
