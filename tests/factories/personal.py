"""Numbers that look like those of people, and are nobody's."""

NUMBERS = (
    "470101199003074514",
    "47010119900307451X",
    "470101900307451",
    "12012345678",
    "+86 120 1234 5678",
    "120-1234-5678",
)
