"""Work out what a draft still asks: pages, materials, conditions, as of the values it has; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflows.domain.commands import ResultKind
from workflows.domain.definition import Definition, Material, Page, PageField, Prefill
from workflows.domain.expressions import Expression, evaluate_lets, holds
from workflows.domain.subject import deferred_path, promised_path
from workflows.engine.forms import wanted_of
from workflows.sealing import MATERIALS
from workflows.services.explanations import conditions_of
from workflows.views import ConditionView

MORE_PAGE = "more"
"""Page of the fields that a department should have given but could not, and no page of the item asks."""

UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Form:
    """Hold an item's form for some values.

    Attributes:
        answers: source -> how it answered: ``found absent mismatch unavailable``.
        lets: live values of the lets.
    """

    definition: Definition
    values: Mapping[str, object]
    answers: Mapping[str, str]
    today: date
    lets: Mapping[str, object]

    @classmethod
    def of(
        cls, definition: Definition, values: Mapping[str, object], *, answers: Mapping[str, str], today: date
    ) -> "Form":
        """Work out the lets of the values."""
        return cls(definition, values, answers, today, evaluate_lets(definition.lets, values, today=today))

    def holds(self, condition: Expression | None) -> bool:
        """Tell whether a condition certainly holds now; none always does."""
        return holds(condition, self.values, today=self.today, lets=self.lets)

    def given(self) -> frozenset[str]:
        """Return the fields that the account or a department gave; nobody is asked for them."""
        return frozenset(
            path
            for prefill in self.definition.prefills
            if prefill.key is None or self.answers.get(prefill.source) == ResultKind.FOUND
            for path in prefill.gives
            if self.values.get(path) is not None
        )

    def pages(self) -> tuple[tuple[Page, tuple[str, ...]], ...]:
        """Return the pages that apply now, each with the fields that it asks; none without a field."""
        given = self.given()
        found = []
        for page in self.definition.pages:
            if self.holds(page.when):
                asked = tuple(one.path for one in page.fields if one.path not in given and self.holds(one.when))
                if asked:
                    found.append((page, asked))
        placed = {path for _, asked in found for path in asked} | given
        more = tuple(path for path in self._unanswered() if path not in placed)
        if more:
            found.append((Page(MORE_PAGE, tuple(PageField(path) for path in more)), more))
        return tuple(found)

    def asked_on(self, page: str) -> tuple[str, ...] | None:
        """Return the fields that a page asks now, ``None`` where it does not apply."""
        return next((asked for own, asked in self.pages() if own.id == page), None)

    def candidates(self, page: str) -> tuple[str, ...]:
        """Return every field that a page may ask, in its order, whatever the conditions of the fields are now."""
        asked, given = self.asked_on(page) or (), self.given()
        placed = next((own.fields for own in self.definition.pages if own.id == page), ())
        return tuple(one.path for one in placed if one.path not in given) or asked

    def page_fields(self, page: str) -> frozenset[str]:
        """Return every field that a page may ever ask, whatever its conditions."""
        found = {one.path for own in self.definition.pages if own.id == page for one in own.fields}
        if page == MORE_PAGE:
            found = set(self._unanswered())
        return frozenset(found) - self.given()

    def needed(self) -> tuple[str, ...]:
        """Return the fields that must have a value before the application can be submitted."""
        wanted = wanted_of(self.definition, self.definition.pages, self.values, today=self.today, lets=self.lets)
        return wanted.needed

    def missing(self) -> tuple[str, ...]:
        """Return the needed fields that have none."""
        return tuple(path for path in self.needed() if self.values.get(path) is None)

    def open_prefills(self) -> Iterator[tuple[Prefill, str]]:
        """Yield the departments that may be asked now, with the value of their key: not asked yet, or silent then."""
        for prefill in self.definition.prefills:
            is_open = self.answers.get(prefill.source) in (None, ResultKind.UNAVAILABLE)
            if prefill.key is not None and is_open and self.holds(prefill.when):
                key = self.values.get(prefill.key)
                if key is not None and any(self.values.get(path) is None for path in prefill.gives):
                    yield prefill, str(key)

    def unavailable(self) -> tuple[str, ...]:
        """Return the sources that did not answer."""
        return tuple(source for source, kind in self.answers.items() if kind == ResultKind.UNAVAILABLE)

    def materials(self) -> tuple[tuple[Material, str], ...]:
        """Return the materials that apply now with their state.

        One of ``covered uploaded wanted promised deferred pending``.
        """
        return tuple((one, self._state_of(one)) for one in self.definition.materials if self.holds(one.when))

    def conditions(self) -> tuple[ConditionView, ...]:
        """Return the conditions of acceptance with what they come to now."""
        return conditions_of(self.definition, self.values, today=self.today, fixed=self.given())

    def _unanswered(self) -> Iterator[str]:
        """Yield what an asked department did not give; before it was asked nobody else is."""
        for prefill in self.definition.prefills:
            kind = self.answers.get(prefill.source)
            if kind is not None and kind != ResultKind.FOUND and self.holds(prefill.when):
                yield from (path for path in prefill.gives if self._is_wanted(prefill, path))

    def _is_wanted(self, prefill: Prefill, path: str) -> bool:
        return prefill.when is not None or not self.definition.fields[path].is_maybe

    def _state_of(self, material: Material) -> str:
        if self.values.get(f"{MATERIALS}.{material.id}") is not None:
            return "uploaded"
        chosen = self.stand_in(material.id)
        if material.source == UPLOAD:
            return chosen or "wanted"
        kind = self.answers.get(material.source)
        if kind is None or kind == ResultKind.FOUND:
            return "covered"
        return (chosen or "wanted") if material.upload_if_absent else "pending"

    def stand_in(self, material: str) -> str:
        """Return what the applicant chose instead of a paper: ``promised``, ``deferred``, or nothing."""
        papers = self.definition.papers
        if material in papers.promisable and self.values.get(promised_path(material)) is True:
            return "promised"
        if material in papers.deferrable and self.values.get(deferred_path(material)) is True:
            return "deferred"
        return ""

    def stand_ins(self) -> tuple[str, ...]:
        """Return the paths by which an applicant chooses what stands in for papers."""
        papers = self.definition.papers
        return (*map(promised_path, papers.promisable), *map(deferred_path, papers.deferrable))
