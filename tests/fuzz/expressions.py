"""Let atheris look for expressions that break the promise of the language; `make fuzz` installs it and runs this."""

import sys

import atheris

with atheris.instrument_imports(include=["workflows"]):
    from tests.factories.fuzzing import try_expression


def try_bytes(data: bytes) -> None:
    """Try what the fuzzer made as one expression."""
    try_expression(atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(400))


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_bytes)
    atheris.Fuzz()
