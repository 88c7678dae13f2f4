"""A small typed client of the portal's API: copy this folder into your own program."""

from examples.python_client.client import Answered, Portal, Problem
from examples.python_client.shapes import (
    Case,
    Delivery,
    Draft,
    Eligibility,
    ExternalTask,
    Lease,
    Offer,
    Rule,
    Verification,
    Version,
    Webhook,
    Work,
)

__all__ = [
    "Answered",
    "Case",
    "Delivery",
    "Draft",
    "Eligibility",
    "ExternalTask",
    "Lease",
    "Offer",
    "Portal",
    "Problem",
    "Rule",
    "Verification",
    "Version",
    "Webhook",
    "Work",
]
