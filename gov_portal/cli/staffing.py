"""Warn before the people of a region wait for an officer who is not there."""

from gov_portal.kernel.codes.division import Divisions
from gov_portal.wiring.platform import Platform
from identity.services.foundation import Foundation
from identity.services.officers import Officers
from workflows.domain.definition import Definition, Role
from workflows.dsl.findings import Finding
from workflows.dsl.staffing import check_staffed

COUNTY = 3


def unstaffed(platform: Platform, definition: Definition, region: str = "") -> tuple[Finding, ...]:
    """Return what is lacking in the counties of the province, or of the region that an item is published for."""
    officers = Officers(Foundation(platform.base.db, platform.base.keys, platform.base.clock))

    def holders(role: Role, place: str | None) -> int:
        unit = officers.nearest(role.org, place)
        return len(officers.eligible(unit, role=role.name, rank=role.rank)) if unit is not None else 0

    return check_staffed(definition, holders, _counties(region or platform.base.settings.province))


def _counties(code: str) -> list[str]:
    """Return the counties of a division, itself where it has none below."""
    divisions = Divisions.default()
    below = [deeper for one in divisions.children(code) for deeper in _counties(one.code)]
    return below or [code]
