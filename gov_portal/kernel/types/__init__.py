"""Hold the one type system of fields, for the language, pages, API, exchange and CSV."""

from gov_portal.kernel.types.base import FieldType, Sensitivity, Value, is_blank
from gov_portal.kernel.types.coded import CnId, CreditCode, Phone, Region
from gov_portal.kernel.types.dates import Date
from gov_portal.kernel.types.faults import Fault, ValueRefused
from gov_portal.kernel.types.numeric import Bool, Decimal, Int, MoneyFen
from gov_portal.kernel.types.references import File, Image, LicenceRef, OfficerRef
from gov_portal.kernel.types.rows import Rows
from gov_portal.kernel.types.spelling import TypeSpellingInvalid, parse_type, type_names
from gov_portal.kernel.types.textual import Address, Choices, Enum, Text, mask_text

__all__ = [
    "Address",
    "Bool",
    "Choices",
    "CnId",
    "CreditCode",
    "Date",
    "Decimal",
    "Enum",
    "Fault",
    "FieldType",
    "File",
    "Image",
    "Int",
    "LicenceRef",
    "MoneyFen",
    "OfficerRef",
    "Phone",
    "Region",
    "Rows",
    "Sensitivity",
    "Text",
    "TypeSpellingInvalid",
    "Value",
    "ValueRefused",
    "is_blank",
    "mask_text",
    "parse_type",
    "type_names",
]
