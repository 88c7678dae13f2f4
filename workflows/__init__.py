"""Hold service items, their language, the engine and the cases."""
