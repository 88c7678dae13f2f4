"""The unit nearest to a place serves it: at it, or at the closest division above."""

import pytest

from identity.domain.values import Unit
from identity.services.officers import nearest_of

PROVINCE, CITY, DISTRICT, OTHER = (Unit("dept.cdpf", code, "") for code in ("470000", "470100", "470101", "470200"))


@pytest.mark.parametrize(
    ("staffed", "region", "unit"),
    [
        ([PROVINCE, CITY, DISTRICT], "470101", DISTRICT),
        ([DISTRICT, CITY, PROVINCE], "470101003", DISTRICT),
        ([PROVINCE, CITY, DISTRICT], "470102", CITY),
        ([PROVINCE, CITY, DISTRICT], "470100", CITY),
        ([PROVINCE, OTHER], "470101", PROVINCE),
        ([OTHER], "470101", None),
        ([DISTRICT], "470100", None),
        ([DISTRICT, CITY, OTHER], None, CITY),
        ([], "470101", None),
        ([], None, None),
    ],
)
def test_nearest(staffed: list[Unit], region: str | None, unit: Unit | None) -> None:
    assert nearest_of(staffed, region) == unit
