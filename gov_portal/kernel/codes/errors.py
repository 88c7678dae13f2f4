"""Define what a code can have wrong with it."""

from enum import StrEnum


class CodeFault(StrEnum):
    """Name what is wrong with a code, so that a message can say what to do."""

    LENGTH = "length"
    FORM = "form"
    BIRTH = "birth"
    CHECK = "check"


class CodeInvalid(ValueError):
    """Refuse a code; neither the text nor the attributes ever hold the code itself, for it may be personal."""

    def __init__(self, fault: CodeFault, *, length: int | None = None, expected: int | None = None) -> None:
        """Remember what is wrong and, for a wrong length, both lengths."""
        self.fault = fault
        self.length = length
        self.expected = expected
        super().__init__(fault.value)
