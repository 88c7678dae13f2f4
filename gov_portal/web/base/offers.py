"""Say why something is offered to a person (免申即享)."""

from gov_portal.web.base.text import _, day, phrase
from workflows.services.offers import OfferView

_REASONS = {
    "fits": phrase("有关部门核对过，您符合条件。"),
    "cycle": phrase("离上次办理已满一个周期，又到了办理的时候。"),
    "event": phrase("部门告诉我们，您可能需要办理这件事。"),
}
_ENDING = phrase("您的证照（{number}）在 {day} 到期，现在可以续期。")


def why(offer: OfferView) -> str:
    """Say why something is offered."""
    if offer.licence is not None:
        return _(_ENDING, number=offer.licence.number, day=day(offer.licence.valid_until))
    return _(_REASONS.get(offer.reason, _REASONS["fits"]))
