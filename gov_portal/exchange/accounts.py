"""Ask the two questions that the proofing of an account has, in the words of identity."""

from uuid import UUID

from gov_portal.exchange.domain import AccountProofing, Answer, AnswerKind, Query, ResourceId
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel.principal import Principal

REAL_NAME_PURPOSE = "real-name-check"
GUARDIANSHIP_PURPOSE = "guardianship"


class AccountQuestions:
    """Check names and read guardianships for accounts; ``reference`` names the proofing, an attempt has one of its own.

    Both raise ``AccessRefused`` where the directory does not grant them, which is a fault of the installation.
    """

    def __init__(self, exchange: ExchangeService) -> None:
        """Keep the exchange."""
        self._exchange = exchange

    def check_name(self, name: str, *, id_no: str, reference: UUID, actor: Principal) -> AnswerKind:
        """Return found, mismatch, absent or unavailable (两要素核验); no datum comes back."""
        query = Query(
            resource=ResourceId("police.person"),
            key=id_no,
            fields=(),
            expected={"name": name},
            basis=AccountProofing(reference),
            purpose=REAL_NAME_PURPOSE,
            actor=actor,
            idempotency_key=f"real-name:{reference}",
        )
        return self._exchange.query(query).kind

    def guardians_of(self, ward_id_no: str, *, reference: UUID, actor: Principal) -> Answer:
        """Return rows with ``id_no`` and ``relation`` of a ward's guardians (监护人)."""
        query = Query(
            resource=ResourceId("civil.guardian"),
            key=ward_id_no,
            fields=("id_no", "relation"),
            basis=AccountProofing(reference),
            purpose=GUARDIANSHIP_PURPOSE,
            actor=actor,
            idempotency_key=f"guardian:{reference}",
        )
        return self._exchange.query(query)
