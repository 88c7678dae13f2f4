"""What definitions may name is what the exchange serves and the licences print, by the same types."""

from gov_portal.exchange.directory import read_directory as read_exchange
from gov_portal.kernel.types import parse_type
from gov_portal.licences.kinds import KindBook
from workflows.dsl.directory import default_directory

DIRECTORY = default_directory()
OWN = {"appealed"}


def test_resources_are_those_of_the_exchange() -> None:
    served = {str(resource.id): resource for resource in read_exchange().resources}
    for name, fields in DIRECTORY.resources.items():
        if name in OWN:
            continue
        assert parse_type(fields["key"]) == served[name].key
        for field, spelling in fields.items():
            if field != "key":
                assert parse_type(spelling) == served[name].fields[field].type


def test_licences_print_the_types_of_the_kind_book_in_its_order() -> None:
    for kind, printed in KindBook.default().kinds.items():
        assert [parse_type(spelling) for spelling in DIRECTORY.licences[kind]] == [
            field.type for field in printed.fields
        ]
