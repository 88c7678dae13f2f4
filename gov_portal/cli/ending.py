"""End a foreground command well: by any signal that asks for it, and with a plain message when a start fails."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from gov_portal.cli.embedded import EmbeddedFailed
from gov_portal.cli.home import InstanceFailed
from workflows.dsl.lint import DefinitionInvalid

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def plain_ending() -> Iterator[None]:
    """Turn Ctrl-C, a plain kill and a closed terminal into one KeyboardInterrupt, and failed starts into messages.

    Raises:
        ClickException: the instance or one of its servers did not start, or an item of the package has a fault.
    """
    before = {number: signal.signal(number, _interrupt_once) for number in _ENDING}
    try:
        yield
    except (InstanceFailed, EmbeddedFailed) as fault:
        raise click.ClickException(str(fault)) from fault
    except DefinitionInvalid as invalid:
        raise click.ClickException("\n".join(str(finding) for finding in invalid.findings)) from invalid
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    """Interrupt, and let nothing disturb the stopping that follows."""
    for ending in _ENDING:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt
