"""``python -m charlton_intranet``."""

from charlton_intranet.cli import main

if __name__ == "__main__":
    main()
