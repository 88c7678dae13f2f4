"""Define the tables of the workflows; private to this package's services and storage.

Personal data live only in ``sealed`` columns.
"""

from workflows.models.casework import (
    case_data,
    cases,
    counts,
    documents,
    licences,
    parties,
    public_notices,
    tasks,
    timers,
)
from workflows.models.correspondence import letters, threads
from workflows.models.counter import counter_entries, counter_tellings
from workflows.models.desk import (
    checks,
    desk_columns,
    finished_tasks,
    held_acts,
    job_results,
    jobs,
    leases,
    saved_filters,
    snippets,
)
from workflows.models.incoming import awaited, messages
from workflows.models.offering import offers, surveys
from workflows.models.rating import rating_followups, ratings
from workflows.models.versions import definitions, migration_cases, migrations, releases

__all__ = [
    "awaited",
    "case_data",
    "cases",
    "checks",
    "counter_entries",
    "counter_tellings",
    "counts",
    "definitions",
    "desk_columns",
    "documents",
    "finished_tasks",
    "held_acts",
    "job_results",
    "jobs",
    "leases",
    "letters",
    "licences",
    "messages",
    "migration_cases",
    "migrations",
    "offers",
    "parties",
    "public_notices",
    "rating_followups",
    "ratings",
    "releases",
    "saved_filters",
    "snippets",
    "surveys",
    "tasks",
    "threads",
    "timers",
]
