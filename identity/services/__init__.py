"""Hold the use cases of identity, split by verb; ``IdentityService`` is their one door."""

from identity.services.foundation import Foundation
from identity.services.officers import BuiltInIdp, Officers
from identity.services.passwords import Passwords
from identity.services.people import People
from identity.services.service import IdentityService

__all__ = ["BuiltInIdp", "Foundation", "IdentityService", "Officers", "Passwords", "People"]
