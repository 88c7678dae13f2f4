"""Say how long a guardianship lasts by itself."""

from datetime import date

FULL_AGE_YEARS = 18


def eighteenth_birthday(birth: date) -> date:
    """Return the day a person comes of age; born on 29 February, it is 1 March.

    Source: Civil Code (民法典), art. 17 and 1259: eighteen and above, the day itself included.
    """
    try:
        return birth.replace(year=birth.year + FULL_AGE_YEARS)
    except ValueError:
        return date(birth.year + FULL_AGE_YEARS, 3, 1)


def end_of_guardianship(ward_birth: date, *, today: date) -> date | None:
    """Return the first day without guardian for a minor; ``None`` for a guarded adult, who has no fixed end."""
    comes_of_age = eighteenth_birthday(ward_birth)
    return comes_of_age if today < comes_of_age else None


def is_living(ends_on: date | None, *, today: date) -> bool:
    """Tell whether a guardianship with that end still stands today."""
    return ends_on is None or today < ends_on
