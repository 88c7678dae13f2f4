"""Gather for operators what a process knows of itself, of its dependencies and of the whole."""

import hmac
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address

from gov_portal.kernel.monitoring.bounded import Bounded
from gov_portal.kernel.monitoring.heartbeats import Beat, Heart
from gov_portal.kernel.monitoring.metrics import STATE_READABLE
from gov_portal.kernel.monitoring.readiness import Dependency, Readiness
from gov_portal.kernel.monitoring.tally import Labels, Sample, Tally

STATE_WAIT_S = 5.0
BEATS_WAIT_S = 1.5
HEALTH_WAIT_S = 1.6

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """Say who may read the figures: whoever has the token, or asks from one of the networks; else nobody."""

    token: str = field(default="", repr=False)
    networks: Networks = ()

    def opens_to(self, *, token: str, address: str) -> bool:
        """Tell whether a caller may enter; ``address`` is empty where it is not known for certain."""
        has_token = hmac.compare_digest(token.encode(), self.token.encode())
        return (has_token and bool(self.token)) or self._is_inside(address)

    def _is_inside(self, address: str) -> bool:
        try:
            at = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(at, "ipv4_mapped", None) or at
        return any(mapped in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Health:
    """Say how it is with a process.

    Attributes:
        dependencies: what it needs; all must be well.
        departments: systems of the exchange, and whether their calls are held back; a process works without them.
        last_beat_s: kind of process -> seconds since the latest of them was alive; empty where that is not known.
    """

    dependencies: tuple[Dependency, ...]
    departments: Mapping[str, bool]
    last_beat_s: Mapping[str, float]

    @property
    def is_ready(self) -> bool:
        """Tell whether the process can work."""
        return all(one.is_ok for one in self.dependencies)


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """Answer operators from one process; every answer comes in a few seconds, whatever hangs.

    Attributes:
        readiness: asks the dependencies.
        heart: counts and beats for this process.
        state: figures from the database, without heartbeats.
        beats: all processes.
        departments: systems of the exchange, and whether their calls are held back.
        door: who may read the figures.
    """

    readiness: Readiness
    heart: Heart
    state: Bounded[Sequence[Sample]]
    beats: Bounded[Sequence[Beat]]
    departments: Callable[[], Mapping[str, bool]]
    door: Door

    @property
    def tally(self) -> Tally:
        """Return where this process counts."""
        return self.heart.tally

    def health(self) -> Health:
        """Look at everything that this process needs."""
        until = time.monotonic() + HEALTH_WAIT_S
        self.beats.begin()
        dependencies = self.readiness.look()
        return Health(dependencies, self.departments(), self._last_beats(until - time.monotonic()))

    def samples(self) -> list[Sample]:
        """Return every figure: those of the state, of this process as of now, of others as of their last beat."""
        own = _labelled(self.heart.name, self.tally.samples())
        self.beats.begin()
        try:
            state = self.state.get(wait_s=STATE_WAIT_S).value
            beats = self.beats.get(wait_s=BEATS_WAIT_S).value
        except Exception:  # noqa: BLE001 - whatever is wrong with the database, the process tells of itself
            return [*own, Sample(STATE_READABLE, (), 0)]
        others = [one for one in beats if one.name != self.heart.name and one.is_alive]
        gathered = [sample for beat in others for sample in _labelled(beat.name, beat.samples)]
        return [*own, *gathered, *state, Sample(STATE_READABLE, (), 1)]

    def close(self) -> None:
        """Close the connections by which this process is watched."""
        self.heart.close()

    def _last_beats(self, wait_s: float) -> Mapping[str, float]:
        try:
            return youngest(self.beats.get(wait_s=wait_s).value)
        except Exception:  # noqa: BLE001 - readiness has told already what is wrong with the database
            return {}


def youngest(beats: Iterable[Beat]) -> dict[str, float]:
    """Return for each kind of process how many seconds ago the latest of them was alive."""
    found: dict[str, float] = {}
    for beat in beats:
        found[beat.kind] = min(beat.age_s, found.get(beat.kind, beat.age_s))
    return found


def _labelled(process: str, samples: Iterable[Sample]) -> list[Sample]:
    return [Sample(one.metric, _with(process, one.labels), one.value, one.buckets) for one in samples]


def _with(process: str, labels: Labels) -> Labels:
    return (process, *labels)
