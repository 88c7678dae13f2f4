"""Define the one base of every error that a user may see."""

from collections.abc import Mapping


class DomainError(Exception):
    """Refuse a request for a reason of the business; nothing has been written.

    Attributes:
        code: stable, lower-case, dotted (``case.stale-task``); the message catalogue of the fronts is keyed by it.
        status: HTTP status that the edge answers with: 4xx, or 503 where the platform has no means for a while.
        params: values for the message; never personal data.
        field: dotted path of the input the error belongs to, where there is one.
    """

    code: str = "error"
    status: int = 400

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        """Remember where the error is and what its message needs."""
        self.field = field
        self.params: Mapping[str, object] = params
        super().__init__(f"{self.code} {field or ''} {dict(params) or ''}".strip())


class NotFound(DomainError):
    """Answer that a thing does not exist, or that this principal may not know that it does."""

    code = "not-found"
    status = 404


class Forbidden(DomainError):
    """Answer that this principal may not do this."""

    code = "forbidden"
    status = 403


class Unavailable(DomainError):
    """Answer that the platform cannot do this for a while, through no fault of who asks; again in ``seconds``."""

    code = "unavailable"
    status = 503


class Conflict(DomainError):
    """Answer that the thing has changed since it was read."""

    code = "conflict"
    status = 409


class Invalid(DomainError):
    """Answer that one input value is not acceptable; ``field`` says which."""

    code = "invalid"
    status = 422


class InvalidFields(DomainError):
    """Collect every unacceptable input of one request, so that all are shown at once."""

    code = "invalid-fields"
    status = 422

    def __init__(self, faults: "list[DomainError]") -> None:
        """Keep the single faults, each with its ``field``."""
        super().__init__(count=len(faults))
        self.faults = tuple(faults)
