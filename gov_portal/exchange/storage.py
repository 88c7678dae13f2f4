"""Keep the directory in its tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gov_portal.exchange.directory import DirectoryFile, check_grant, resource_of
from gov_portal.exchange.domain import Grant, Resource, ResourceId, System, SystemId
from gov_portal.exchange.models import grants, resources, systems
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import ItemId

_GRANT_COLUMNS = (
    grants.c.item_id,
    grants.c.resource_id,
    grants.c.fields,
    grants.c.purposes,
    grants.c.until,
    grants.c.is_active.label("is_grant_active"),
)


_FOUND = (
    select(resources.c.description, systems, *_GRANT_COLUMNS)
    .select_from(
        resources.join(systems, systems.c.id == resources.c.system_id).outerjoin(
            grants, (grants.c.resource_id == resources.c.id) & (grants.c.item_id == bindparam("item"))
        )
    )
    .where(resources.c.id == bindparam("resource"))
)


class StoredDirectory:
    """Answer from the tables; one statement per request."""

    def __init__(self, db: Database) -> None:
        """Keep the database."""
        self._db = db

    def find(self, resource: ResourceId, *, item: ItemId) -> tuple[Resource | None, System | None, Grant | None]:
        """Return the resource, its system, and the grant of ``item`` for it, each ``None`` where there is none."""
        with self._db.read() as connection:
            row = connection.execute(_FOUND, {"resource": resource, "item": item}).one_or_none()
        if row is None:
            return None, None, None
        return resource_of(row.description), _system(row), _grant(row) if row.item_id is not None else None

    def seed(self, directory: DirectoryFile, item_grants: Iterable[Grant] = ()) -> None:
        """Store systems, resources and grants; what is there already is brought up to date, nothing is taken away.

        Grants of the file and of the items' definitions are added up where both name the same item and resource.
        Whether a system or a grant is active stays what an operator has made it.

        Raises:
            DirectoryInvalid: a grant names what the directory does not have.
        """
        known = {resource.id: resource for resource in directory.resources}
        for grant in (item_grants := tuple(item_grants)):
            check_grant(grant, known, where="the items' definitions")
        described = [
            {"id": resource.id, "system_id": resource.system, "description": dict(directory.descriptions[resource.id])}
            for resource in directory.resources
        ]
        with self._db.begin() as uow:
            _upsert(uow.connection, systems, [asdict(system) for system in directory.systems], kept={"is_active"})
            _upsert(uow.connection, resources, described, kept=set())
            together = merged_grants([*directory.grants, *item_grants])
            _upsert(uow.connection, grants, [_grant_row(grant) for grant in together], kept={"is_active"})

    def grants(self) -> tuple[tuple[Grant, System], ...]:
        """Return every grant with the system that provides, for operators."""
        joined = grants.join(resources, resources.c.id == grants.c.resource_id).join(
            systems, systems.c.id == resources.c.system_id
        )
        statement = select(systems, *_GRANT_COLUMNS).select_from(joined)
        with self._db.read() as connection:
            rows = connection.execute(statement.order_by(grants.c.item_id, grants.c.resource_id)).all()
        return tuple((_grant(row), _system(row)) for row in rows)

    def switch_system(self, system: SystemId, *, is_active: bool) -> bool:
        """Let a system take part in the exchange, or bar it; return whether there is such a system."""
        statement = systems.update().where(systems.c.id == system).values(is_active=is_active)
        with self._db.begin() as uow:
            return uow.connection.execute(statement).rowcount == 1


def merged_grants(parts: Iterable[Grant]) -> list[Grant]:
    """Return one grant per item and resource, with the fields and purposes of all; the earliest end holds."""
    together: dict[tuple[ItemId, ResourceId], Grant] = {}
    for part in parts:
        known = together.get((part.item, part.resource))
        if known is not None:
            ends = [end for end in (known.until, part.until) if end is not None]
            part = replace(
                part,
                fields=known.fields | part.fields,
                purposes=known.purposes | part.purposes,
                until=min(ends, default=None),
            )
        together[(part.item, part.resource)] = part
    return list(together.values())


def _upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, kept: Iterable[str]) -> None:
    """Insert rows, or bring those that are there up to date but for the columns that an operator owns."""
    if not rows:
        return
    statement = insert(table)
    keys = {column.name for column in table.primary_key}
    fresh = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys | set(kept)}
    connection.execute(statement.on_conflict_do_update(index_elements=sorted(keys), set_=fresh), rows)


def _system(row: Row[Any]) -> System:
    return System(id=SystemId(row.id), name=row.name, organisation=row.organisation, is_active=row.is_active)


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        item=ItemId(row.item_id),
        resource=ResourceId(row.resource_id),
        fields=frozenset(row.fields),
        purposes=frozenset(row.purposes),
        until=row.until,
        is_active=row.is_grant_active,
    )


def _grant_row(grant: Grant) -> dict[str, object]:
    return {
        "item_id": grant.item,
        "resource_id": grant.resource,
        "fields": sorted(grant.fields),
        "purposes": sorted(grant.purposes),
        "until": grant.until,
        "is_active": grant.is_active,
    }
