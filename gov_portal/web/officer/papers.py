"""Show the files of a case beside the form, one at a time, fitted to the screen, each with a way to its full size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from flask import request, url_for

from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.web.base.forms import is_upload
from gov_portal.web.base.services import services
from workflows.views import FieldView, MaterialView

PANE = "paper"
"""Name of the paper that is shown, in the address, counted from 1."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold one file of the case; ``target`` is the field or material that it belongs to."""

    number: int
    target: str
    label: str
    href: str
    is_image: bool


@dataclass(frozen=True, slots=True)
class Pane:
    """Hold what the reading pane shows: all papers, the one that is open, and the addresses around it."""

    papers: tuple[Paper, ...]
    open: Paper | None
    query: Mapping[str, str]

    @property
    def before(self) -> Paper | None:
        """Return the paper before the open one."""
        return self.papers[self.open.number - 2] if self.open and self.open.number > 1 else None

    @property
    def after(self) -> Paper | None:
        """Return the paper after the open one."""
        return self.papers[self.open.number] if self.open and self.open.number < len(self.papers) else None

    @property
    def around(self) -> dict[str, str]:
        """Return the address of this page as parameters: the filters, and the paper that is open."""
        return {**self.query, **({PANE: str(self.open.number)} if self.open and self.open.number > 1 else {})}

    def address(self, paper: Paper | None, *, act: str = "") -> str:
        """Return this page's query string with another paper, or with the form of an act, open."""
        query = {**self.query, PANE: str(paper.number)} if paper else self.around
        return urlencode({**query, **({"act": act} if act else {})})

    def of(self, target: str) -> Paper | None:
        """Return the paper of a field or material."""
        return next((paper for paper in self.papers if paper.target == target), None)


def pane_of(
    case: CaseId, fields: Iterable[FieldView], materials: Iterable[MaterialView], *, query: Mapping[str, str]
) -> Pane:
    """Return the reading pane of a case, open at the paper that the address names."""
    found = [
        (view.path, view.label, str(view.value))
        for view in fields
        if is_upload(view.type) and view.value is not None and view.shown
    ]
    found += [(material.id, material.name, str(material.file)) for material in materials if material.file is not None]
    pictures = services().cases.pictures([_file(file) for _target, _label, file in found]) if found else frozenset()
    papers = tuple(
        Paper(
            number,
            target,
            label,
            url_for("officer.file", case=case, file=file),
            _file(file) in pictures,
        )
        for number, (target, label, file) in enumerate(found, start=1)
    )
    wanted = request.args.get(PANE, "1")
    place = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 1
    return Pane(papers, papers[min(max(place, 1), len(papers)) - 1] if papers else None, query)


def _file(text: str) -> FileId:
    return FileId(UUID(text))
