"""Bundle the parts that the use cases of identity are made of."""

from dataclasses import dataclass

from identity.ports import IdentityPorts
from identity.services.challenges import Challenges
from identity.services.foundation import Foundation
from identity.services.passwords import Passwords
from identity.services.people import People
from identity.services.sessions import Sessions
from identity.services.throttles import Throttles


@dataclass(frozen=True)
class Parts:
    """Hold one of each part, all on the same foundation."""

    base: Foundation
    ports: IdentityPorts
    people: People
    challenges: Challenges
    sessions: Sessions
    throttles: Throttles
    passwords: Passwords

    @classmethod
    def assemble(cls, base: Foundation, *, ports: IdentityPorts, passwords: Passwords) -> "Parts":
        """Build the parts."""
        return cls(
            base=base,
            ports=ports,
            people=People(base),
            challenges=Challenges(base, messenger=ports.messenger),
            sessions=Sessions(base),
            throttles=Throttles(base),
            passwords=passwords,
        )
