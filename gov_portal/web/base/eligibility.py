"""Ask what the conditions of an item need to know (我能办吗), and say what some answers come to; nothing is stored."""

from collections.abc import Mapping
from dataclasses import replace

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.principal import Citizen
from gov_portal.kernel.working_days import local_date
from gov_portal.web.base.access import principal
from gov_portal.web.base.services import services
from workflows.domain.definition import Definition
from workflows.services.eligibility import Eligibility, eligibility, known_of, questions_of
from workflows.views import FieldView


def questions(item: Definition) -> list[FieldView]:
    """Return what is asked, each with what the account of the one who asks, or of their ward, answers already."""
    known = _known(item)
    asked = (
        FieldView(one.path, item.label(one.path), one.type, None, "", options=_options(item, one.path))
        for one in questions_of(item)
    )
    return [replace(view, value=known.get(view.path)) for view in asked]


def judged(item: Definition, answers: Mapping[str, object]) -> Eligibility:
    """Return what some answers come to.

    Raises:
        InvalidFields: nobody can read some of them.
    """
    found = eligibility(item, answers, today=local_date(services().clock.now()))
    if found.faults:
        raise InvalidFields(list(found.faults))
    return found


def _known(item: Definition) -> dict[str, object]:
    who = principal()
    if not isinstance(who, Citizen):
        return {}
    facts = services().identity.facts(who.acting_for or who.person)
    return known_of(item, {"name": facts.name, "birth": facts.birth, "phone": facts.phone})


def _options(item: Definition, path: str) -> tuple[tuple[str, str], ...]:
    members: tuple[str, ...] = getattr(item.fields[path].type, "members", ())
    return tuple((member, item.label(f"{path}.{member}")) for member in members)
