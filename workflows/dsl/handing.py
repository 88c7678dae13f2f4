"""Check which words go together in a call: one that asks, or one that hands something over."""

from workflows.dsl.shape import Reader

_ASKING = ("match", "mismatch", "absent")


def check_call(reader: Reader, *, undo: str | None, is_handing: bool) -> None:
    """Report words of asking in a call that hands over, and the other way round."""
    if not reader.has("from"):
        if not reader.has("absent"):
            message = f"`absent` is missing in {reader.place.name}"
            reader.report("E012", reader.at, message, "add `absent: {by: …, limit: …}`")
        if undo is not None:
            reader.report(
                "E015",
                reader.location("undo"),
                "this call only asks, so there is nothing to undo",
                "say under `from` what it hands over, or take `undo` out",
            )
        return
    for key in _ASKING:
        if reader.has(key):
            reader.report(
                "E015",
                reader.location(key),
                f"`{key}` is for a call that asks, but this one hands over what `from` names",
                "take one of the two out",
            )
    if not is_handing:
        reader.report("E014", reader.location("from"), "nothing is handed over", "name at least one field")
