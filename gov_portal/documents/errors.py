"""Refuse to make a paper."""

from gov_portal.kernel.errors import DomainError


class TimeStampUnavailable(DomainError):
    """Refuse to seal while no time-stamp service answers as it should; worth trying again."""

    code = "documents.no-time-stamp"
    status = 409
