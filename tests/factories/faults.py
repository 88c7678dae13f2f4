"""Put one fault into an item and look at what the linter says of it."""

from workflows.dsl.lint import lint_text


def assert_found(code: str, source: str, *, find: str, replace: str) -> None:
    """Change one place of an item, and hold the linter to an error of that code; every finding says how to mend it."""
    assert source.count(find) == 1
    report = lint_text(source.replace(find, replace), "item.yaml")
    assert code in {finding.code for finding in report.errors}, "\n".join(map(str, report.findings))
    assert all(finding.remedy for finding in report.findings)
