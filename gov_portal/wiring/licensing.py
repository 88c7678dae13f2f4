"""Build what makes, shows and checks papers and licences."""

from dataclasses import dataclass

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.cards import Cards
from gov_portal.documents.tokens import Tokens
from gov_portal.documents.typesetting import DEBIAN_FONTS, Typesetter
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.late import Late
from gov_portal.licences.copies import Copies
from gov_portal.licences.kinds import KindBook
from gov_portal.licences.listing import StatusLists
from gov_portal.licences.machine_forms import MachineForms
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside, SealMarks, Seals
from gov_portal.licences.presenting import Clocks, Presentations
from gov_portal.licences.services import LicenceService
from gov_portal.settings import Settings
from gov_portal.wiring.foundations import Foundations
from gov_portal.wiring.to_licences import Registers


@dataclass(frozen=True, kw_only=True)
class Papers:
    """Hold what sets papers, seals them and recognises our seal."""

    typesetter: Typesetter
    sealer: Seals
    seal_reader: SealMarks
    tokens: Tokens

    @classmethod
    def prepare(cls, settings: Settings) -> "Papers":
        """Read the fonts; what seals is built at the first seal."""
        authority = SealAuthority(settings.secrets_dir)
        return cls(
            typesetter=Typesetter(settings.fonts_dir or DEBIAN_FONTS),
            sealer=Late("gov_portal.wiring.seals:sealer_of", settings, authority),
            seal_reader=Late("gov_portal.wiring.seals:seal_reader_of", settings, authority),
            tokens=Tokens(authority),
        )


@dataclass(frozen=True, kw_only=True)
class Licensing:
    """Hold what issues licences, shows them, copies them and tells whether they still hold."""

    licences: LicenceService
    presentations: Presentations
    copies: Copies
    machine_forms: MachineForms
    status_lists: StatusLists

    @classmethod
    def of(cls, base: Foundations, papers: Papers, *, registers: Registers) -> "Licensing":
        """Build them on the same papers and registers."""
        db, keys, files, outside = base.db, base.keys, base.files, _outside(base, papers, registers=registers)
        licences = LicenceService(db, keys=keys, files=files, clock=base.clock, outside=outside)
        press = Press(db, keys=keys, files=files, outside=outside)
        return cls(
            licences=licences,
            presentations=Presentations(
                db, keys=keys, files=files, clocks=Clocks(business=base.clock, security=SystemClock()), outside=outside
            ),
            copies=Copies(db, keys=keys, files=files, clock=base.clock, outside=outside),
            machine_forms=MachineForms(db, licences=licences, press=press, outside=outside, tokens=papers.tokens),
            status_lists=StatusLists(db, tokens=papers.tokens, base_url=base.settings.base_url),
        )


def _outside(base: Foundations, papers: Papers, *, registers: Registers) -> Outside:
    return Outside(
        kinds=KindBook.default(),
        cards=Cards(papers.typesetter, is_sample=base.settings.is_sandbox),
        seals=papers.sealer,
        seal_marks=papers.seal_reader,
        registers=registers,
        base_url=base.settings.base_url,
    )
