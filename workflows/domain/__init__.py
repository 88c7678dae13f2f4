"""Hold the values of the language and of a case: pure, typed, frozen."""
