"""Set licences (电子证照) as cards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gov_portal.documents.notices import SAMPLE_NOTE
from gov_portal.documents.pictures import SMALL_PORTRAIT, portrait, qr_code
from gov_portal.documents.typesetting import Typesetter


class CardOrder(Protocol):
    """Describe one card to be made."""

    @property
    def title(self) -> str:
        """Return the name of the licence, such as 残疾人证."""
        ...

    @property
    def number(self) -> str:
        """Return the number of the licence (证照编号)."""
        ...

    @property
    def identifier(self) -> str:
        """Return the identifier 证照标识 with its check character."""
        ...

    @property
    def authority(self) -> str:
        """Return the issuing authority (发证机关)."""
        ...

    @property
    def facts(self) -> Sequence[tuple[str, str]]:
        """Return the pairs of label and value, in their order, at most nine."""
        ...

    @property
    def photo(self) -> bytes | None:
        """Return the picture of the holder as it was uploaded."""
        ...

    @property
    def verify_code(self) -> str:
        """Return the code that the public types."""
        ...

    @property
    def verify_url(self) -> str:
        """Return the address that the QR code holds."""
        ...

    @property
    def marking(self) -> str:
        """Return what stands across the page of an annotated copy (加注件); empty for the licence itself."""
        ...


class Cards:
    """Make licences as PDF/A."""

    def __init__(self, typesetter: Typesetter, *, is_sample: bool) -> None:
        """Keep the typesetter; ``is_sample`` marks every card as a sample of a fictitious authority."""
        self._typesetter = typesetter
        self._is_sample = is_sample

    def make(self, card: CardOrder, *, at: datetime) -> bytes:
        """Return the PDF of a card.

        Raises:
            TypesettingFailed: without any of the data.
            PortraitUnreadable: if the photo cannot be decoded.
        """
        data = {
            "title": card.title,
            "number": card.number,
            "identifier": card.identifier,
            "authority": card.authority,
            "facts": [list(fact) for fact in card.facts],
            "photo": None if card.photo is None else list(portrait(card.photo)),
            "qr": list(qr_code(card.verify_url)),
            "verify_code": card.verify_code,
            "marking": card.marking,
            "is_sample": self._is_sample,
            "footnotes": [SAMPLE_NOTE] if self._is_sample else [],
        }
        return self._typesetter.pdf("licence-card", data, at=at)

    def portrait(self, photo: bytes) -> bytes:
        """Return a holder's picture as a small JPEG for a page.

        Raises:
            PortraitUnreadable: if it cannot be decoded.
        """
        return portrait(photo, size=SMALL_PORTRAIT)
