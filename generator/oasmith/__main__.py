"""Run the command as `python -m oasmith`."""

from oasmith.cli import run

if __name__ == "__main__":
    run()
