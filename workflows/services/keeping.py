"""Keep what somebody is typing as it stands, before anybody judges it (自动保存)."""

from collections.abc import Mapping

import orjson

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from workflows.sealing import TYPED, Stored
from workflows.services.drafts import Drafts, check_mark, must_be_draft
from workflows.services.errors import CaseBusy, PageUnknown, TooMuchTyped
from workflows.services.pending import differing, mark_of, pending_of, pending_path
from workflows.services.stepping import MOST_ATTEMPTS
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved, save_draft

LARGEST = 64 * 1024
"""Bytes of what one page may hold unaccepted; the longest answers of an item are far from it."""


class Keeping(Drafts):
    """Keep answers that may be half typed or wrong; they count only once their page is saved."""

    def keep_typed(self, case: CaseId, *, page: str, raw: Mapping[str, object], by: Citizen, mark: str = "") -> str:
        """Keep what stands in a page's inputs as it is; return the mark of what the page holds now.

        Nothing is judged and nothing counts yet: the page shows it again, and submitting waits until the page is
        saved. What is the same as the accepted answers is not kept twice.

        Raises:
            PageMoved: somebody saved other answers since the page bore ``mark``; nothing is kept.
            PageUnknown: there is no such page now.
            TooMuchTyped: more than ``LARGEST`` bytes.
        """
        for _ in range(MOST_ATTEMPTS):
            try:
                return self._keep_typed(case, page=page, raw=raw, by=by, mark=mark)
            except CaseMoved:
                continue
        raise CaseBusy

    def _keep_typed(self, case: CaseId, *, page: str, raw: Mapping[str, object], by: Citizen, mark: str) -> str:
        stored = must_be_draft(self._find(case, sight=visible_to(by)))
        form = self._form(stored)
        if form.asked_on(page) is None:
            raise PageUnknown(page=page)
        fields = form.page_fields(page)
        typed = differing(stored.definition, stored.values, raw=raw, allowed=fields)
        known = pending_of(stored.values, page)
        if typed != known:
            check_mark(stored, form, page=page, mark=mark)
            if len(orjson.dumps(typed)) > LARGEST:
                raise TooMuchTyped(most_bytes=LARGEST)
            now = self._desk.clock.now()
            writes = {pending_path(page): Stored(typed or None, TYPED, now)}
            with self._desk.db.driver() as driver:
                save_draft(driver, stored, writes=writes, notes=stored.draft, at=now)
        return mark_of(stored.values, stored.definition, page=page, asked=fields)
