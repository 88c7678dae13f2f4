"""Write what happens to a licence into its stream of the ledger, the one place that spells it."""

import json
from datetime import datetime

from gov_portal.kernel import ledger
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.principal import Principal, actor_of
from gov_portal.licences.storage import StoredVersion


def record(uow: UnitOfWork, stored: StoredVersion, act: str, *, at: datetime, by: Principal, **more: object) -> None:
    """Add one act; ``more`` says what belongs to it, and a ``version`` in it stands for that of ``stored``."""
    body = {"identifier": stored.identifier, "version": stored.version, **more}
    content = json.dumps(body, sort_keys=True).encode()
    ledger.append(
        uow, ledger.Fact(stream=f"licence:{stored.licence}", kind=act, actor=actor_of(by), body=content, at=at)
    )
