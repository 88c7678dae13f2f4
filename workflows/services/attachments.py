"""Keep and show the files of a case."""

from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.principal import Principal
from workflows.services.desk import Service


class Attachments(Service):
    """Store uploads and read files back."""

    def attach(self, case: CaseId, path: str, content: bytes, *, claimed_type: str, by: Principal) -> FileId:
        """Store a file for a field or a material (``materials.<id>``); hand the id in with the page, act or supplement.

        Raises:
            NotFound: the case is not one that ``by`` may write that path of now.
            DomainError: ``file.type``, ``file.too-large`` and the other codes of the file store.
        """
        raise NotImplementedError

    def file(self, case: CaseId, file: FileId, *, by: Principal) -> tuple[str, bytes]:
        """Return media type and content of a file of the case: an upload that ``by`` may see, or a notice."""
        raise NotImplementedError
