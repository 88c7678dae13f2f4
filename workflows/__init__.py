"""Hold service items, their language, the engine and the cases."""

from workflows import native

native.use()
