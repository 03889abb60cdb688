"""Run the command as `python -m oasmith`."""

import sys

from oasmith.cli import main

if __name__ == "__main__":
    sys.exit(main())
