"""Run the case with django-viewflow: a start in code, then five tasks of people, each assigned, started and done.

A person's task is taken and finished in one transaction by the calls that the library's views make, without the cost
of a request, a form or a template.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from protocol import serve

TASKS = ("review", "plain", "site", "finance", "issue")


def _configure(url: str) -> None:
    parts = urlsplit(url)
    address = {"HOST": parse_qs(parts.query)["host"][0], "NAME": parts.path.lstrip("/"), "USER": parts.username}
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **address}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            "viewflow_case",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def main(url: str) -> None:
    """Serve the benchmark."""
    _configure(url)
    case_flow = import_module("viewflow_case.flows").Case
    users = import_module("django.contrib.auth").get_user_model().objects
    user, _ = users.get_or_create(username="officer", is_superuser=True)

    def complete(case: int, name: str) -> None:
        node = getattr(case_flow, name)
        with case_flow.lock(case):
            task = case_flow.task_class.objects.select_related("process").get(process_id=case, flow_task=node)
            activation = node.activation_class(task)
            activation.assign(user)
            activation.start(SimpleNamespace(user=user, GET={}))
            task.data = {"ok": True, "note": "checked"}
            activation.execute()

    def run(count: int) -> int:
        cases = [case_flow.start.run().pk for _ in range(count)]
        for name in TASKS[:-1]:
            for case in cases:
                complete(case, name)
        for case in cases:
            complete(case, TASKS[-1])
        return int(case_flow.process_class.objects.filter(pk__in=cases, status="DONE").count())

    serve(run, versions={"django-viewflow": version("django-viewflow"), "Django": version("Django")})


if __name__ == "__main__":
    main(sys.argv[1])
