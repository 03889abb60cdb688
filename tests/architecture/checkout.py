"""What git knows of this checkout."""

import subprocess

from conftest import REPO


def files(*options: str, under: tuple[str, ...] = ()) -> list[str]:
    """List files as `git ls-files` does: sorted paths from the root of the repository.

    `options` are those of `git ls-files`; without any, the tracked files. A file that is tracked
    and was deleted is left out.
    """
    # CI may run as another user than the one who owns the checkout.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *options, "--", *under]
    listing = subprocess.run(command, cwd=REPO, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listing.split("\0") if name and (REPO / name).is_file()})


def tracked_or_new(*under: str) -> list[str]:
    """List the files below the folders `under` that git does not ignore, committed or not."""
    return files("--cached", "--others", "--exclude-standard", under=under)
