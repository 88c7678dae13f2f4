"""Define what a typed value can have wrong with it."""

from enum import StrEnum

from gov_portal.kernel.errors import Invalid


class Fault(StrEnum):
    """Name every code that a refused value can carry; the message catalogues hold one text for each."""

    MISSING = "type.missing"
    SHAPE = "type.shape"
    TEXT_TOO_LONG = "type.text.too-long"
    TEXT_CHARACTER = "type.text.character"
    INT_FORM = "type.int.form"
    INT_RANGE = "type.int.range"
    DECIMAL_FORM = "type.decimal.form"
    DECIMAL_PLACES = "type.decimal.places"
    DECIMAL_RANGE = "type.decimal.range"
    MONEY_FORM = "type.money.form"
    MONEY_RANGE = "type.money.range"
    BOOL_FORM = "type.bool.form"
    DATE_FORM = "type.date.form"
    DATE_IMPOSSIBLE = "type.date.impossible"
    DATE_RANGE = "type.date.range"
    ENUM_UNKNOWN = "type.enum.unknown"
    CN_ID_LENGTH = "type.cn-id.length"
    CN_ID_FORM = "type.cn-id.form"
    CN_ID_BIRTH = "type.cn-id.birth"
    CN_ID_CHECK = "type.cn-id.check"
    CREDIT_CODE_LENGTH = "type.credit-code.length"
    CREDIT_CODE_FORM = "type.credit-code.form"
    CREDIT_CODE_CHECK = "type.credit-code.check"
    PHONE_LENGTH = "type.phone.length"
    PHONE_FORM = "type.phone.form"
    REGION_FORM = "type.region.form"
    REGION_UNKNOWN = "type.region.unknown"
    ADDRESS_TOO_SHORT = "type.address.too-short"
    REFERENCE_FORM = "type.reference.form"
    LICENCE_FORM = "type.licence.form"
    LICENCE_CHECK = "type.licence.check"
    LIST_REPEATED = "type.list.repeated"
    ROWS_TOO_MANY = "type.rows.too-many"
    ROWS_COLUMN = "type.rows.column"


class ValueRefused(Invalid):
    """Refuse a value that was typed or sent; ``params`` hold limits and lengths, never the value."""

    def __init__(self, fault: Fault, *, field: str | None = None, **params: object) -> None:
        """Remember the fault and, in ``params``, what its message needs."""
        self.code = fault.value
        self.fault = fault
        super().__init__(field=field, **params)
