"""Start ``gov``."""

from gov_portal.cli.main import main

if __name__ == "__main__":
    main()
