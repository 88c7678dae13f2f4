"""Check what a department sent against the schema of its resource, so that no poison reaches a case; pure."""

import base64
import binascii
from collections.abc import Mapping

from gov_portal.exchange.domain import AnswerKind, Attachment, Operation, Resource, ResourceField
from gov_portal.exchange.ports import ProviderReply
from gov_portal.kernel.errors import DomainError

MAX_ROWS = 100
MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024
FILE_TYPE = "file"

_KINDS = {
    Operation.QUERY: {AnswerKind.FOUND, AnswerKind.ABSENT},
    Operation.CHECK: {AnswerKind.FOUND, AnswerKind.ABSENT, AnswerKind.MISMATCH},
    Operation.PUSH: {AnswerKind.DONE, AnswerKind.FAILED},
}
_MAGIC = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class ReplyMalformed(Exception):
    """Tell that a reply breaks the schema; the text names fields and rules, never a value."""


def checked_rows(
    resource: Resource, *, operation: Operation, key: str, fields: tuple[str, ...], reply: ProviderReply
) -> tuple[Mapping[str, object], ...]:
    """Return the rows of a reply with every value parsed by its type and put into storage form.

    Raises:
        ReplyMalformed: a result that the operation does not know, too many rows, a field that was not asked for or is
            missing, a value that its type refuses, or an answer about another subject than the one asked about.
    """
    if reply.kind not in _KINDS[operation]:
        raise ReplyMalformed(f"result {reply.kind.value} does not belong to {operation.value}")
    may_have_rows = operation is Operation.QUERY and reply.kind is AnswerKind.FOUND
    if bool(reply.rows) != may_have_rows:
        raise ReplyMalformed(f"{len(reply.rows)} rows with result {reply.kind.value}")
    if len(reply.rows) > (MAX_ROWS if resource.is_list else 1):
        raise ReplyMalformed(f"{len(reply.rows)} rows")
    return tuple(_checked_row(resource, key=key, fields=fields, row=row) for row in reply.rows)


def _checked_row(
    resource: Resource, *, key: str, fields: tuple[str, ...], row: Mapping[str, object]
) -> Mapping[str, object]:
    surplus = set(row) - set(fields)
    if surplus:
        raise ReplyMalformed(f"{len(surplus)} fields that were not asked for")
    values = {}
    for name in fields:
        value = _checked_value(resource.fields[name], row.get(name))
        if value is not None:
            values[name] = value
    if resource.subject_field in values and values[resource.subject_field] != key:
        raise ReplyMalformed(f"{resource.subject_field} is not the subject's")
    return values


def _checked_value(field: ResourceField, raw: object) -> object:
    if raw is None:
        if field.is_maybe:
            return None
        raise ReplyMalformed(f"{field.name} is missing")
    if field.type.name == FILE_TYPE:
        return _attachment(field.name, raw)
    if not isinstance(raw, str | int | bool):
        raise ReplyMalformed(f"{field.name} is no scalar")
    try:
        return field.type.dump(field.type.parse(raw))
    except DomainError as fault:
        raise ReplyMalformed(f"{field.name}: {fault.code}") from None


def _attachment(name: str, raw: object) -> Attachment:
    if not isinstance(raw, Mapping) or set(raw) != {"media_type", "content"}:
        raise ReplyMalformed(f"{name} is no file")
    media_type, content = raw["media_type"], raw["content"]
    if not isinstance(content, str) or len(content) > MAX_ATTACHMENT_BYTES * 4 // 3 + 4:
        raise ReplyMalformed(f"{name} is too large or no text")
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise ReplyMalformed(f"{name} is not base64") from None
    if media_type not in _MAGIC or not decoded.startswith(_MAGIC[media_type]):
        raise ReplyMalformed(f"{name} is not of the type that it claims")
    return Attachment(media_type=media_type, content=decoded)
