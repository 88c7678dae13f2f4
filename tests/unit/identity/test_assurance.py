"""Two axes, always together: what counts is the weaker story."""

from uuid import UUID

import pytest

from gov_portal.kernel.ids import OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer, Platform, Principal
from identity.domain.assurance import Factor, Requirement, aal_of, effective_ial

SOMEBODY = PersonId(UUID(int=7))


@pytest.mark.parametrize(
    ("factors", "aal"),
    [([Factor.PASSWORD], 1), ([Factor.CODE], 1), ([Factor.PASSWORD, Factor.CODE], 2), ([Factor.CODE] * 2, 1), ([], 1)],
)
def test_two_different_factors_make_level_two(factors: list[Factor], aal: int) -> None:
    assert aal_of(factors) == aal


@pytest.mark.parametrize(("ial", "aal", "counts"), [(3, 2, 3), (3, 1, 2), (5, 1, 2), (2, 1, 2), (2, 2, 2), (4, 3, 4)])
def test_a_proven_identity_counts_only_with_two_factors(ial: int, aal: int, counts: int) -> None:
    assert effective_ial(ial, aal=aal) == counts


@pytest.mark.parametrize(
    ("requirement", "needed"),
    [
        (Requirement(), (5, 3)),
        (Requirement(ial=3), (3, 2)),
        (Requirement(ial=2), (2, 1)),
        (Requirement(aal=1), (5, 2)),
        (Requirement(ial=3, aal=1), (3, 2)),
        (Requirement(ial=2, aal=3), (2, 3)),
    ],
    ids=["nothing-said", "three", "two", "one-factor-for-the-highest", "contradiction", "two-three"],
)
def test_what_is_missing_means_the_highest(requirement: Requirement, needed: tuple[int, int]) -> None:
    assert (requirement.needed_ial, requirement.needed_aal) == needed


@pytest.mark.parametrize(
    ("principal", "is_met"),
    [
        (Citizen(SOMEBODY, ial=3, aal=2), True),
        (Citizen(SOMEBODY, ial=4, aal=3), True),
        (Citizen(SOMEBODY, ial=3, aal=1), False),
        (Citizen(SOMEBODY, ial=2, aal=2), False),
        (Officer(OfficerId(UUID(int=8)), "dept.cdpf", "470101", frozenset({"checker"}), aal=3), False),
        (Platform(), False),
        (None, False),
    ],
    ids=["exact", "more", "one-factor", "not-proven", "officer", "platform", "nobody"],
)
def test_only_a_citizen_at_both_levels_meets_a_requirement(principal: Principal | None, is_met: bool) -> None:
    assert Requirement(ial=3).is_met_by(principal) is is_met
