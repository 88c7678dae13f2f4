"""A small typed client of the portal's API: copy this folder into your own program."""

from examples.python_client.client import Answered, Portal, Problem
from examples.python_client.shapes import Case, Delivery, Draft, ExternalTask, Lease, Verification, Webhook, Work

__all__ = [
    "Answered",
    "Case",
    "Delivery",
    "Draft",
    "ExternalTask",
    "Lease",
    "Portal",
    "Problem",
    "Verification",
    "Webhook",
    "Work",
]
