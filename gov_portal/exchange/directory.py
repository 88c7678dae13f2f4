"""Read the directory (资源目录) from its file, and resources from the spelling that the table keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from gov_portal.exchange.domain import (
    Grant,
    Resource,
    ResourceField,
    ResourceId,
    ResourceKind,
    SharingClass,
    System,
    SystemId,
)
from gov_portal.kernel import yaml_files
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.types import TypeSpellingInvalid, parse_type


class DirectoryInvalid(Exception):
    """Refuse a directory file; the text names file, entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """Hold the content of a directory file; ``descriptions`` are the resources as they are spelled."""

    systems: tuple[System, ...]
    resources: tuple[Resource, ...]
    descriptions: Mapping[ResourceId, Mapping[str, Any]]
    grants: tuple[Grant, ...]


def read_directory(path: Path | None = None) -> DirectoryFile:
    """Return the directory of a file, by default that of the sandbox province.

    Raises:
        DirectoryInvalid: the file cannot be read, or an entry names what does not exist.
    """
    source = path.read_text("utf-8") if path else files(__package__).joinpath("data/directory.yaml").read_text("utf-8")
    where = str(path or "directory.yaml")
    try:
        content = yaml_files.read(source)
        spelled = {ResourceId(entry["id"]): entry for entry in content["resources"]}
        directory = DirectoryFile(
            systems=tuple(_system(entry) for entry in content["systems"]),
            resources=tuple(resource_of(entry) for entry in spelled.values()),
            descriptions=spelled,
            grants=tuple(_grant(entry) for entry in content["grants"]),
        )
    except (yaml_files.FileInvalid, KeyError, TypeError, ValueError) as fault:
        raise DirectoryInvalid(f"{where}: {fault}") from fault
    _check_names(directory, where)
    return directory


def resource_of(spelled: Mapping[str, Any]) -> Resource:
    """Return the resource of its spelling; a field type that ends in ``?`` may be absent.

    Raises:
        KeyError, ValueError: a word is missing or means nothing.
    """
    return Resource(
        id=ResourceId(spelled["id"]),
        system=SystemId(spelled["system"]),
        name=spelled["name"],
        kind=ResourceKind(spelled["kind"]),
        sharing=SharingClass(spelled["sharing"]),
        basis=spelled["basis"],
        key=parse_type(spelled["key"]),
        fields={name: _field(name, spelling) for name, spelling in spelled["fields"].items()},
        subject_field=spelled.get("subject_field"),
        is_list=spelled.get("is_list", False),
        can_check=spelled.get("can_check", False),
    )


def _field(name: str, spelling: str) -> ResourceField:
    try:
        return ResourceField(name, parse_type(spelling.removesuffix("?")), is_maybe=spelling.endswith("?"))
    except TypeSpellingInvalid as fault:
        raise ValueError(f"field {name}: {fault}") from None


def _system(entry: Mapping[str, Any]) -> System:
    return System(
        id=SystemId(entry["id"]),
        name=entry["name"],
        organisation=entry["organisation"],
        is_active=entry.get("is_active", True),
    )


def _grant(entry: Mapping[str, Any]) -> Grant:
    until = entry.get("until")
    return Grant(
        item=ItemId(entry["item"]),
        resource=ResourceId(entry["resource"]),
        fields=frozenset(entry["fields"]),
        purposes=frozenset(entry["purposes"]),
        until=date.fromisoformat(until) if until else None,
    )


def _check_names(directory: DirectoryFile, where: str) -> None:
    systems = {system.id for system in directory.systems}
    resources = {resource.id: resource for resource in directory.resources}
    for resource in directory.resources:
        if resource.system not in systems:
            raise DirectoryInvalid(f"{where}: {resource.id} belongs to system {resource.system}, which is not listed")
    for grant in directory.grants:
        check_grant(grant, resources, where=where)


def check_grant(grant: Grant, resources: Mapping[ResourceId, Resource], *, where: str) -> None:
    """Pass a grant that names a resource and fields of the directory.

    Raises:
        DirectoryInvalid: it does not.
    """
    resource = resources.get(grant.resource)
    if resource is None:
        raise DirectoryInvalid(f"{where}: {grant.item} is granted {grant.resource}, which is not in the directory")
    unknown = sorted(grant.fields - set(resource.fields))
    if unknown:
        raise DirectoryInvalid(
            f"{where}: {grant.item} is granted {unknown} of {grant.resource}, which has no such field"
        )
