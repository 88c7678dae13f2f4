"""Show what is made public and take objections (公示 异议)."""

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from workflows.services.desk import Service
from workflows.views import PublicNotice


class Publicity(Service):
    """Let anyone read the public notices and any signed-in person object."""

    def public_notices(self) -> tuple[PublicNotice, ...]:
        """List what is open to objections now."""
        raise NotImplementedError

    def public_notice(self, case: CaseId, step: str) -> PublicNotice:
        """Show one public notice.

        Raises:
            NotFound: nothing is public there, or not any more.
        """
        raise NotImplementedError

    def object_to(self, case: CaseId, step: str, *, text: str, by: Citizen, key: str | None = None) -> None:
        """Object (异议); the text is sealed and only the officer who answers reads it."""
        raise NotImplementedError
