"""Take from account and departments what need not be asked (数据多跑路), always outside a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.principal import Principal
from workflows.domain.commands import ResultKind
from workflows.domain.definition import Definition, Prefill
from workflows.ports import DataAnswer, DataRequest, PersonFacts
from workflows.sealing import ACCOUNT, Stored
from workflows.services.desk import Desk
from workflows.services.forms import Form
from workflows.storage.loading import StoredCase

_MOST_ROUNDS = 4
"""A department's answer may be the key of the next; no item chains more."""


@dataclass(slots=True)
class Gathered:
    """Hold what was gathered: values with provenance, and how each source answered."""

    values: dict[str, Stored] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def account_values(definition: Definition, facts: PersonFacts, *, at: datetime) -> dict[str, Stored]:
    """Return what the account gives."""
    known = {"name": facts.name, "id_no": facts.id_no, "phone": facts.phone, "birth": facts.birth}
    return {
        path: Stored(known[name], ACCOUNT, at, is_verified=True)
        for prefill in definition.prefills
        if prefill.source == ACCOUNT
        for path in prefill.gives
        if known.get(name := path.rpartition(".")[2])
    }


def gather(desk: Desk, stored: StoredCase, *, by: Principal, values: Mapping[str, object] | None = None) -> Gathered:
    """Ask every department that may be asked now; an answer may open the next question."""
    found = Gathered(answers=answers_of(stored))
    known = dict(stored.values if values is None else values)
    today = desk.calendar.local_date(desk.clock.now())
    asked: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        form = Form.of(stored.definition, known, answers=found.answers, today=today)
        turn = [(prefill, key) for prefill, key in form.open_prefills() if prefill.source not in asked]
        if not turn:
            break
        for prefill, key in turn:
            asked.add(prefill.source)
            answer = desk.ports.exchange.ask(request_of(stored, prefill, key=key, by=by))
            kind, given = _typed(stored.definition, prefill, answer, at=desk.clock.now())
            found.answers[prefill.source] = kind
            found.values.update(given)
            known.update((path, one.value) for path, one in given.items())
    return found


def answers_of(stored: StoredCase) -> dict[str, str]:
    """Return how each source has answered so far."""
    notes = stored.draft.get("answers")
    return {str(source): str(kind) for source, kind in notes.items()} if isinstance(notes, dict) else {}


def request_of(stored: StoredCase, prefill: Prefill, *, key: str, by: Principal) -> DataRequest:
    """Return the question that a prefill asks for a case."""
    return DataRequest(
        resource=prefill.source,
        case=stored.id,
        item=stored.item,
        subject=stored.applicant,
        key=key,
        fields=tuple(path.rpartition(".")[2] for path in prefill.gives),
        purpose=prefill.purpose or stored.item,
        actor=by,
        idempotency_key=f"{stored.id}:prefill:{prefill.source}",
    )


def _typed(
    definition: Definition, prefill: Prefill, answer: DataAnswer, *, at: datetime
) -> tuple[str, dict[str, Stored]]:
    """Return how the source answered and its values; an answer with holes counts as absent, the person is asked."""
    if answer.kind is not ResultKind.FOUND:
        return answer.kind.value, {}
    values = {}
    for path in prefill.gives:
        try:
            value = definition.fields[path].type.parse(answer.fields.get(path.rpartition(".")[2]))
        except Invalid:
            return ResultKind.ABSENT.value, {}
        values[path] = Stored(value, prefill.source, at, answer.evidence, is_verified=True)
    return ResultKind.FOUND.value, values
