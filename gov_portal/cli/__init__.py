"""Hold the ``gov`` command: one module per group, joined in ``main``."""
