"""Hold the values and rules of identity: pure, typed, no clock."""
