"""Fill a database with live cases of the shipped item in all its stages, by COPY, each sealed with its own values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from uuid import uuid4

from gov_portal.kernel.cipher import Cipher
from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.kernel.ledger import GENESIS
from tests.factories.town import CALENDAR, CARD, ITEMS, Town
from workflows.domain.definition import Definition, Scenario
from workflows.domain.state import CaseState
from workflows.dsl.simulation import RunFailed, Simulation
from workflows.projections import changes
from workflows.sealing import OWN, TYPED, CaseValues, Stored
from workflows.storage.states import state_json

TODAY = datetime(2026, 4, 8, 8, 30, tzinfo=UTC)
STAGES = {
    "adult_hearing_loss": (1, 2, 4, 5, 6, 7),
    "supplement_comes_back": (2,),
    "hearing_suspends_the_case": (6,),
    "leader_wants_another_review": (8,),
    "minor_is_not_made_public": (5,),
}
"""Scenario of the item -> after how many entries of its run a case is taken."""

SEEN = "      limit: {}wd\n      show: [applicant.name, applicant.birth, claim"

_CASES = """COPY workflows_cases (id, case_number, item, definition_hash, applicant, begun_by, key_id, region,
    opened_on, status, phase, is_returned, rev, state, sealed, head_seq, head_hash, due_at, begun_at, submitted_at,
    changed_at, officers) FROM STDIN"""
_DATA = "COPY workflows_case_data (case_id, field_group, sealed) FROM STDIN"
_TASKS = """COPY workflows_tasks (case_id, key, step, kind, role, org, unit, rank, officer, opened_at, due_at,
    yellow_at, red_at, is_provisional, next_at) FROM STDIN"""
_TIMERS = "COPY workflows_timers (case_id, key, due_at) FROM STDIN"
_NOTICES = "COPY workflows_public_notices (case_id, step, started_at, ends_at) FROM STDIN"


@dataclass(frozen=True, slots=True)
class Stage:
    """Hold a made-up case as the engine left it."""

    state: CaseState
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Owner:
    """Hold whose cases they are."""

    person: PersonId
    key: KeyId
    cipher: Cipher


def next_version() -> str:
    """Return the source of a changed flow: steps called otherwise, a limit and the promise longer, a new let."""
    text = (ITEMS / "disability-card.yaml").read_text("utf-8")
    for old, new in (
        ("version: 3", "version: 4"),
        ("promised: 15wd", "promised: 17wd"),
        ("publicise", "announce"),
        (SEEN.format(3), SEEN.format(5)),
        ("  minor: years", "  elder: years(applicant.birth) > 60\n  minor: years"),
        ("when: not minor ", "when: not minor and (elder or not elder) "),
        ("- review:", "- examine:"),
        ("distinct: [review,", "distinct: [examine,"),
        ("back: review", "back: examine"),
        ("step.review", "step.examine"),
        ("review.ok", "examine.ok"),
        ("review.redo", "examine.redo"),
        ("review.elapses", "examine.elapses"),
        ("review: 2", "examine: 2"),
    ):
        text = text.replace(old, new)
    return text + "migrate: {from: [3], steps: {review: examine, publicise: announce}}\n"


_known: dict[str, list[Stage]] = {}


def stages(definition: Definition) -> list[Stage]:
    """Return cases of every stage, none of them with anything due; found once for each version."""
    known = _known.get(definition.hash)
    if known is not None:
        return known
    scenarios = {one.id: one for one in definition.scenarios}
    _known[definition.hash] = found = [
        _stage(definition, scenarios[name], length) for name, lengths in STAGES.items() for length in lengths
    ]
    return found


def _stage(definition: Definition, scenario: Scenario, length: int) -> Stage:
    for days in range(90):
        start = TODAY.date() - timedelta(days=days)
        case = _run(definition, replace(scenario, run=scenario.run[:length], given={**scenario.given, "start": start}))
        if case.now <= TODAY and all(due_at > TODAY for due_at in case.state.timers.values()):
            return Stage(case.state, case.values)
    raise SystemExit(f"no start of {scenario.id} leaves nothing due")


def _run(definition: Definition, scenario: Scenario) -> Simulation:
    case = Simulation(definition, scenario, CALENDAR)
    case.run()
    return case


def fill(town: Town, count: int) -> None:
    """Store ``count`` live cases of the current version in all stages, and let it be today."""
    town.clock.move_to(TODAY)
    store(town, islice(cycle(stages(town.desk.definitions.current(CARD))), count))


def submitted(definition: Definition) -> Stage:
    """Return a case that waits for its acceptance."""
    return _stage(definition, next(one for one in definition.scenarios if one.id == "adult_hearing_loss"), 1)


def store(town: Town, kinds: Iterable[Stage], *, series: str = "BENCH") -> None:
    """Store a case of each of the kinds; their numbers begin with ``series``."""
    definition = town.desk.definitions.current(CARD)
    key = town.doubles.people.key_of(town.citizen.person)
    with town.db.driver() as driver:
        wrapped = driver.execute("SELECT wrapped FROM kernel_keys WHERE id = %s", (key,)).fetchone()
    owner = Owner(town.citizen.person, key, town.desk.keys.cipher_for(key, wrapped[0] if wrapped else None))
    rows = [_rows(owner, definition, stage, f"{series}{number:09d}") for number, stage in enumerate(kinds)]
    with town.db.begin() as uow:
        for place, sql in enumerate((_CASES, _DATA, _TASKS, _TIMERS, _NOTICES)):
            _copy(uow.driver, sql, (row for one in rows for row in one[place]))


def _copy(driver: Driver, sql: str, rows: Iterator[tuple[object, ...]]) -> None:
    with driver.cursor().copy(sql.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _rows(owner: Owner, definition: Definition, stage: Stage, case_number: str) -> tuple[list[tuple[object, ...]], ...]:
    case, person = uuid4(), owner.person
    values = CaseValues(definition, case=case, cipher=owner.cipher, sealed={})
    sealed = values.put({path: Stored(value, TYPED, TODAY) for path, value in stage.values.items()})
    state = stage.state
    found = changes(definition, CaseState(), state, unit_of=lambda org, near: near)
    opened_on = date(2026, 4, 1)
    acted = dict.fromkeys(officer for officers in state.actors.values() for officer in officers)
    row = (
        *(case, case_number, CARD, definition.hash, person, person, owner.key),
        *("470101", opened_on, state.status.value, state.phase.value, state.is_returned, 1, state_json(state)),
        *(sealed.pop(OWN), 0, GENESIS, state.due_at, TODAY, TODAY, TODAY, list(acted)),
    )
    return (
        [row],
        [(case, group, content) for group, content in sealed.items()],
        [(case, task, *values_) for task, values_ in found.new_tasks.items()],
        [(case, timer, due_at) for timer, due_at in found.put_timers.items()],
        [(case, step, *span) for step, span in found.put_notices.items()],
    )


__all__ = ["RunFailed", "fill", "next_version", "stages", "store", "submitted"]
