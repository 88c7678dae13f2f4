"""A small typed client of the portal's API: copy this folder into your own program."""

from examples.python_client.client import Answered, Portal, Problem
from examples.python_client.shapes import Case, Draft, ExternalTask, Lease, Verification, Work

__all__ = ["Answered", "Case", "Draft", "ExternalTask", "Lease", "Portal", "Problem", "Verification", "Work"]
