"""Keep and show the files of a case."""

from collections.abc import Collection, Mapping
from uuid import UUID

from gov_portal.kernel.db import Driver, driver_of
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.files import FileStore, NoPicture
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.pictures import prepare
from gov_portal.kernel.principal import Citizen, Principal
from gov_portal.kernel.types import Fault, Image, ValueRefused
from workflows.domain.definition import Definition, HumanStep
from workflows.domain.state import Status, TaskKind
from workflows.sealing import MATERIALS
from workflows.services.desk import Service
from workflows.services.errors import CaseUnknown, FieldNotAsked, FileUnknown
from workflows.services.inputs import is_file
from workflows.services.pending import pending_of
from workflows.services.reading import filled_by, readable_paths
from workflows.storage.lists import is_document
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to


class Attachments(Service):
    """Store uploads and read files back."""

    def attach(self, case: CaseId, path: str, content: bytes, *, claimed_type: str, by: Principal) -> FileId:
        """Store a file for a field or a material (``materials.<id>``); hand the id in with the page, act or supplement.

        A picture is turned upright, shrunk and freed of the camera's notes before it is stored.

        Raises:
            CaseUnknown: the case is not one that ``by`` may see.
            FieldNotAsked: ``by`` could not hand in that path now.
            FileRefused: ``file.type``, ``file.too-large`` and the other codes of the file store.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        if not _may_attach(stored, path, by=by):
            raise FieldNotAsked(field=path)
        self._desk.keys.cipher(stored.key_id)
        fit = prepare(content, claimed_type=claimed_type)
        with self._desk.db.begin() as uow:
            kept = self._desk.files.put(
                uow, fit.content, claimed_type=fit.media_type, key=stored.key_id, owner=file_owner(case)
            )
            if _wants_picture(stored.definition, path) and not kept.is_picture:
                raise NoPicture(field=path)
        return kept.id

    def file(self, case: CaseId, file: FileId, *, by: Principal) -> tuple[str, bytes]:
        """Return media type and content of a file of the case: an upload that ``by`` may see, or a notice.

        Raises:
            CaseUnknown: the case is not one that ``by`` may see.
            FileUnknown: the case has no such file for ``by``.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        with self._desk.db.read() as connection:
            driver = driver_of(connection)
            if not (is_document(driver, case, file=file) or _shows(stored, file, by=by)):
                raise FileUnknown
            if self._desk.files.owner(driver, file) != file_owner(case):
                raise FileUnknown
            kept, content = self._desk.files.get(connection, file)
        return kept.media_type, content

    def pictures(self, files: Collection[FileId]) -> frozenset[FileId]:
        """Return which of some files, all of cases that the caller may see, are pictures and not documents."""
        with self._desk.db.driver() as driver:
            return frozenset(FileId(one) for one in self._desk.files.pictures(driver, list(files)))


def file_owner(case: CaseId) -> str:
    """Return how the file store spells a case as owner."""
    return f"case:{case}"


def file_faults(store: FileStore, driver: Driver, *, stored: StoredCase, files: Mapping[str, str]) -> list[DomainError]:
    """Return a fault for every file, by path, that was not stored for this case or is no picture where one is asked."""
    ids = {path: FileId(UUID(file)) for path, file in files.items()}
    asked = {path: file for path, file in ids.items() if _wants_picture(stored.definition, path)}
    pictures = store.pictures(driver, list(asked.values())) if asked else set()
    foreign = [path for path, file in ids.items() if store.owner(driver, file) != file_owner(stored.id)]
    faults: list[DomainError] = [ValueRefused(Fault.REFERENCE_FORM, field=path) for path in foreign]
    faults += [NoPicture(field=path) for path, file in asked.items() if file not in pictures and path not in foreign]
    return faults


def _wants_picture(definition: Definition, path: str) -> bool:
    declared = definition.fields.get(path)
    return declared is not None and isinstance(declared.type, Image)


def _may_attach(stored: StoredCase, path: str, *, by: Principal) -> bool:
    """Tell whether a person could hand in a file for that path now: on a page, in a supplement, or by an open task."""
    definition, state = stored.definition, stored.state
    if not is_file(definition, path):
        return False
    if isinstance(by, Citizen):
        is_asked = any(task.kind is TaskKind.SUPPLEMENT for task in state.tasks.values())
        return (is_asked or state.status is Status.DRAFT) and path in _asked(definition)
    open_steps = (definition.steps.get(active.step) for active in state.active)
    return any(path in filled_by(step) for step in open_steps if isinstance(step, HumanStep))


def _asked(definition: Definition) -> set[str]:
    """Return every path that the applicant may be asked."""
    pages = {one.path for page in definition.pages for one in page.fields}
    given = {path for prefill in definition.prefills for path in prefill.gives}
    return pages | given | {f"{MATERIALS}.{material.id}" for material in definition.materials}


def _shows(stored: StoredCase, file: FileId, *, by: Principal) -> bool:
    if isinstance(by, Citizen) and _is_just_chosen(stored, file):
        return True
    paths = readable_paths(stored.definition, by=by)
    return any(str(stored.values.get(path)) == str(file) for path in paths if is_file(stored.definition, path))


def _is_just_chosen(stored: StoredCase, file: FileId) -> bool:
    """Tell whether a file was chosen on a page of a draft that was not saved yet."""
    typed = (pending_of(stored.values, page.id) for page in stored.definition.pages)
    return stored.state.status is Status.DRAFT and any(str(file) in answers.values() for answers in typed)
