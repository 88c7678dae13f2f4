"""Move cases: one pure transition function and the legal clock."""

from workflows.engine.refusals import TransitionRefused
from workflows.engine.transition import advance

__all__ = ["TransitionRefused", "advance"]
