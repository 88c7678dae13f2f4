"""Offer the use cases of the workflows; each method opens one transaction per case and only it commits."""

from workflows.services.cases import CaseService
from workflows.services.desk import Desk
from workflows.services.effects import EffectService

__all__ = ["CaseService", "Desk", "EffectService"]
