"""Show what is made public and take objections (公示 异议)."""

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Platform
from workflows.domain.commands import Object
from workflows.domain.definition import WaitStep
from workflows.domain.state import Status
from workflows.services.errors import NoticeUnknown
from workflows.services.presenting import field_views
from workflows.services.reading import public_paths
from workflows.services.reckoning import last_day
from workflows.services.stepping import Order, Stepper, request_key
from workflows.storage.lists import notices_open
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.views import PublicNotice

_ANYONE = visible_to(Platform())
"""What is public may be read, and objected to, by people who may not see the case itself."""


class Publicity(Stepper):
    """Let anyone read the public notices and any signed-in person object."""

    def public_notices(self) -> tuple[PublicNotice, ...]:
        """List what is open to objections now, what ends first at the top."""
        with self._desk.db.driver() as driver:
            open_now = notices_open(driver)
        found = [(self._find(case, sight=_ANYONE), step) for case, step in open_now]
        notices = (self._notice(stored, step) for stored, step in found if stored is not None)
        return tuple(notice for notice in notices if notice is not None)

    def public_notice(self, case: CaseId, step: str) -> PublicNotice:
        """Show one public notice.

        Raises:
            NoticeUnknown: nothing is public there, or not any more.
        """
        stored = self._find(case, sight=_ANYONE)
        notice = None if stored is None else self._notice(stored, step)
        if notice is None:
            raise NoticeUnknown
        return notice

    def object_to(self, case: CaseId, step: str, *, text: str, by: Citizen, key: str | None = None) -> None:
        """Object (异议); the text is sealed and only the officer who answers reads it.

        Raises:
            TransitionRefused: ``case.no-objection-now``; ``case.reason-missing`` without a text.
        """
        request = request_key(by, key, body=["object", step, text])
        order = Order(by=by, sight=_ANYONE, request=request)
        self._carry_out(case, lambda stored: Object(step, text, by.person), order=order)

    def _notice(self, stored: StoredCase, step_id: str) -> PublicNotice | None:
        """Return what a step makes public, masked where sensitive; ``None`` once it is over."""
        definition, state = stored.definition, stored.state
        step = definition.steps.get(step_id)
        active = next((one for one in state.active if one.step == step_id), None)
        if not isinstance(step, WaitStep) or step.objection is None or active is None or active.has_elapsed:
            return None
        if state.status is not Status.OPEN:
            return None
        ends_at = state.timers.get(f"wait:{step_id}.{active.visit}")
        return PublicNotice(
            case=stored.id,
            step=step_id,
            case_number=stored.case_number,
            item_name=definition.facts.name,
            step_label=definition.label(f"step.{step_id}"),
            ground=step.pause.ground if step.pause else "",
            fields=field_views(definition, stored.values, paths=public_paths(step), is_full=False),
            started_on=active.entered_on,
            ends_on=last_day(ends_at, calendar=self._desk.calendar),
        )
