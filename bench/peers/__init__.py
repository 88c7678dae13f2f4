"""Drive other engines over the six-step case, each in a process and an environment of its own."""
