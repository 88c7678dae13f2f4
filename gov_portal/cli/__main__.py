"""Start ``gov``: for a process of the platform import only what it runs on, and look for no garbage meanwhile.

Importing makes thousands of classes of which none ends; looking again and again for one that did takes long.
"""

import gc
import sys
from importlib import import_module

_PROCESSES = {"web", "relay", "worker"}


def main() -> None:
    """Run the command that the line names."""
    name = "serving" if _PROCESSES.intersection(sys.argv[1:2]) else "main"
    gc.disable()
    command = getattr(import_module(f"gov_portal.cli.{name}"), name)
    gc.freeze()
    gc.enable()
    command()


if __name__ == "__main__":
    main()
