"""Build what seals papers and recognises seals; it stands on pyHanko, which takes longer to import than all else."""

from asn1crypto import pem, x509  # type: ignore[import-untyped]

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.certificates import certificate_of
from gov_portal.documents.seal_marks import SealReader
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.time_stamps import HttpStamper, OwnStamper, Stamper, StampReader
from gov_portal.settings import Settings


def sealer_of(settings: Settings, authority: SealAuthority) -> Sealer:
    """Return what seals; the certificates are made at the first seal."""
    return Sealer(authority, time_stamper=_stamper(settings, authority))


def seal_reader_of(settings: Settings, authority: SealAuthority) -> SealReader:
    """Return what recognises our seals and the time stamps in them."""
    return SealReader(authority, stamps=_stamps(settings, authority))


def _stamper(settings: Settings, authority: SealAuthority) -> Stamper | None:
    reader = _stamps(settings, authority)
    if settings.tsa_url:
        return HttpStamper(settings.tsa_url, reader=reader)
    return OwnStamper(authority, reader=reader) if settings.is_sandbox else None


def _stamps(settings: Settings, authority: SealAuthority) -> StampReader:
    return StampReader(lambda: [certificate_of(authority.root), *_roots(settings)])


def _roots(settings: Settings) -> list[x509.Certificate]:
    """Return the roots of the time-stamp service that the settings name."""
    if settings.tsa_roots is None:
        return []
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(settings.tsa_roots.read_bytes(), multiple=True)]
