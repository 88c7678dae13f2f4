"""Check the flow of data."""


def check_dataflow(compiled: object) -> None:
    """Report faults of the flow of data."""
