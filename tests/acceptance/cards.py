"""Let people apply, and get a card, without a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gov_portal.cli.demo.story import CLAIM, Matter, Stage
from gov_portal.cli.instance import Instance
from gov_portal.sandbox.people import load_people


@contextmanager
def on_stage(instance: Instance, out: Path) -> Iterator[Stage]:
    """Yield the people of the story, each with a browser of their own that is not seen."""
    stage = Stage(
        instance.base_url,
        tell=lambda line: None,
        pause_making=lambda: lambda: None,
        await_quiet=lambda: None,
        out=out,
    )
    try:
        yield stage
    finally:
        stage.close()


def begin(stage: Stage, handle: str, *, kind: str) -> Matter:
    """Let somebody apply at home."""
    citizen = stage.citizen(handle)
    answers = {**CLAIM, "claim.kind": kind, "claim.cause": "交通事故", "delivery.way": "pickup"}
    return Matter(stage, citizen, citizen.apply(answers), load_people().person(handle).region)


def granted(stage: Stage, handle: str, *, kind: str) -> Matter:
    """Let one case go from the application to the card."""
    matter = begin(stage, handle, kind=kind)
    matter.do("window", "accept", "ok")
    matter.assess(2, kind=kind)
    matter.await_publicity()
    stage.advance("6wd")
    matter.vote("ok", "ok")
    matter.do("leader", "approve", "ok")
    matter.applicant.wait_for(matter.path, "kind", "issued")
    return matter
