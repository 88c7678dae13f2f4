"""Show what was asked of other roles about a case (请示, 征求意见), and what they answered."""

from collections.abc import Iterable

from gov_portal.kernel.principal import Officer, Principal
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import AskOpinion
from workflows.domain.state import Context, Task, TaskKind
from workflows.engine.consulting import OPINIONS
from workflows.engine.posts import question_number
from workflows.services.probing import refusal_of
from workflows.services.reading import reads_all
from workflows.services.reckoning import last_day
from workflows.storage.loading import StoredCase
from workflows.views import OpinionView, TimelineEntry

_ENDS = ("replied", "unanswered")


def opinion_views(
    stored: StoredCase, entries: Iterable[TimelineEntry], *, by: Principal, calendar: Calendar
) -> tuple[OpinionView, ...]:
    """Return the questions of a case, the first first: for whoever may ask or be asked, or reads the whole case."""
    if not stored.state.askers or not _may_read(stored, by):
        return ()
    told = [entry for entry in entries if entry.kind in ("consulted", *_ENDS)]
    ends = {str(entry.detail["number"]): entry for entry in told if entry.kind in _ENDS}
    tasks = [task for task in stored.state.tasks.values() if task.kind is TaskKind.CONSULT]
    due = {str(question_number(task)): last_day(task.due_at, calendar=calendar) for task in tasks}
    found = []
    for entry in told:
        if entry.kind != "consulted":
            continue
        number = str(entry.detail["number"])
        end = ends.get(number)
        found.append(
            OpinionView(
                number=int(number),
                step_label=entry.label,
                asker=entry.organ,
                asked=stored.definition.label(f"role.{entry.detail['asked']}"),
                question=str(stored.values.get(f"{OPINIONS}.{number}.question", "")),
                answer=str(stored.values.get(f"{OPINIONS}.{number}.answer", "")),
                asked_at=entry.at,
                ended_at=end.at if end else None,
                due_on=due.get(number),
            )
        )
    return tuple(found)


def askable_from(stored: StoredCase, task: Task, *, context: Context) -> tuple[tuple[str, str], ...]:
    """Return the roles, id and label, that may be asked now about a task by whoever works on it."""
    definition = stored.definition
    rule = definition.anytime.consult
    return tuple(
        (name, definition.label(f"role.{name}"))
        for name in (rule.to if rule else ())
        if refusal_of(definition, stored.state, AskOpinion(task.key, name, "—"), context=context) is None
    )


def _may_read(stored: StoredCase, by: Principal) -> bool:
    rule = stored.definition.anytime.consult
    if not isinstance(by, Officer) or rule is None:
        return False
    posts = [stored.definition.roles[name] for name in (*rule.by, *rule.to)]
    is_named = any(post.name in by.roles and post.org == by.org for post in posts)
    return is_named or reads_all(stored.definition, by)
