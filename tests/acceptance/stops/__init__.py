"""Every page a browser visits in the tests: one module for each front, each with its dict `STOPS`."""

import importlib
import pkgutil
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stop:
    """One page to look at: who sees it, where, and what the services answer then.

    `state` names attributes of the double `pages.cases`, or as `ratings.view` of the double of another service, and
    what they hold during the visit. `press` names a button of the page that is pressed first, to see what comes then.
    `session` is what the browser's session holds beside who is signed in. `is_full` lets nobody in: whoever opens the
    page, or presses what is pressed, is told to wait.
    """

    path: str
    holder: str = ""
    state: dict[str, object] = field(default_factory=dict)
    press: str = ""
    session: dict[str, object] = field(default_factory=dict)
    is_full: bool = False


def begun(kind: str) -> dict[str, object]:
    """Return the session of somebody whom a code was sent to just now."""
    return {"challenge": {"kind": kind, "token": "begun", "next": "/"}}


def every_stop() -> dict[str, Stop]:
    """Gather the stops of all modules in this package; no two may share a name."""
    found: dict[str, Stop] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        stops = importlib.import_module(module.name).STOPS
        twice = found.keys() & stops.keys()
        assert not twice, f"{module.name} repeats the stops {sorted(twice)}"
        found |= stops
    return found
