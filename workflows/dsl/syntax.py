"""Say in which line a YAML syntax error really is; parsers notice many of them only later."""

from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, StreamMark


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Hold where a syntax error is (lines and columns from 1), what it is and how to mend it."""

    places: tuple[tuple[int, int], ...]
    message: str
    remedy: str


def locate(error: MarkedYAMLError, text: str) -> SyntaxFault:
    """Return the fault behind a parser's error: mostly one place, two where either line may be the odd one."""
    problem = " ".join(str(error.problem or error).split())[:160]
    context = str(error.context or "")
    message = f"this is not YAML: {problem}"
    mark = error.problem_mark or error.context_mark
    if any(word in context for word in ("flow", "quoted", "simple key")) and error.context_mark is not None:
        mark = error.context_mark
    if mark is None:
        return SyntaxFault(((1, 1),), message, "mend the file")
    if "flow" in context and error.problem_mark is not None and error.problem_mark.line > mark.line + 1:
        last = error.problem_mark.line
        return SyntaxFault(((mark.line + 1, mark.column + 1), (last, 1)), message, _remedy(problem, context))
    if "block end" in problem:
        places = _odd_lines(mark, text.split("\n"))
        return SyntaxFault(
            places, "this line is not indented like its neighbours", "indent all entries of one block alike"
        )
    if "document start" in problem:
        return SyntaxFault(((_first_line(text), 1),), "the first line is indented", "begin it without spaces")
    return SyntaxFault(((mark.line + 1, mark.column + 1),), message, _remedy(problem, context))


def _first_line(text: str) -> int:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            return number
    return 1


def _odd_lines(problem: StreamMark, lines: list[str]) -> tuple[tuple[int, int], ...]:
    """Return which line is indented wrongly: the one that the parser stopped at, or the first of the block before.

    The side with fewer lines is the odd one; where both have as many, both are returned.
    """
    number, indent = problem.line, problem.column
    is_entry = _text(lines, number).startswith("-")
    inside: list[int] = []
    before = number - 1
    while before >= 0 and not _is_parent(lines, before, indent, is_entry=is_entry):
        if _text(lines, before) and _indent(lines[before]) > indent:
            inside.append(before)
        before -= 1
    first = min(inside, default=before)
    if first < 0:
        return ((number + 1, indent + 1),)
    own = _indent(lines[first])
    with_first = sum(1 for line in inside if _indent(lines[line]) == own) or 1
    with_problem = 1 + _siblings_after(lines, number, indent)
    places = ((first + 1, own + 1), (number + 1, indent + 1))
    if with_first == with_problem:
        return places
    return (places[0],) if with_first < with_problem else (places[1],)


def _is_parent(lines: list[str], number: int, indent: int, *, is_entry: bool) -> bool:
    """Return whether a line opens the block that a later line at ``indent`` stands in."""
    text = _text(lines, number)
    if not text or _indent(lines[number]) > indent:
        return False
    if _indent(lines[number]) == indent and text.startswith("-"):
        return is_entry
    return True


def _siblings_after(lines: list[str], number: int, indent: int) -> int:
    count = 0
    for line in range(number + 1, len(lines)):
        if _text(lines, line) and _indent(lines[line]) < indent:
            break
        count += bool(_text(lines, line)) and _indent(lines[line]) == indent
    return count


def _text(lines: list[str], number: int) -> str:
    """Return a line without indentation; nothing for a comment."""
    stripped = lines[number].strip() if 0 <= number < len(lines) else ""
    return "" if stripped.startswith("#") else stripped


def odd_continuation(start: int, column: int, text: str) -> tuple[int, int]:
    """Return which line of a plain text over several lines is the odd one, from 1.

    It is the first where a colon is missing there, or where the lines after it are indented like the second one.
    """
    lines = text.split("\n")
    after = start + 1
    while after < len(lines) and not _text(lines, after):
        after += 1
    if after >= len(lines) or not lines[start][:column].strip(" -"):
        return start + 1, column + 1
    if _siblings_after(lines, after, _indent(lines[after])) and _indent(lines[after]) > _indent(lines[start]):
        return start + 1, _indent(lines[start]) + 1
    return after + 1, _indent(lines[after]) + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _remedy(problem: str, context: str) -> str:
    if "flow" in context:
        return "close the bracket that opens here, and separate its entries by commas"
    if "quoted" in context:
        return "close the quote that opens here"
    if "simple key" in context or "':'" in problem:
        return "write `key: value`, with a colon and a space"
    if "mapping values" in problem:
        return "check the indentation, and put texts that contain `: ` in quotes"
    if "cannot start any token" in problem or "alias" in context or "directive" in context:
        return "put the text in quotes"
    return "check the indentation of this line and of the line before it"
