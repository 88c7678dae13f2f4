"""Check the national code systems: citizen id, credit code, divisions, licence identifiers; pure functions."""
