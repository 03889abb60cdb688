"""What the site of a document costs: seconds to generate and to build it, and how large it gets.

    python tests/benchmarks/site.py [DOCUMENT]

By default of the largest shared document. Fails if a page is larger than 300 kB.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import REPO, SHARED, run

LIMIT = 300_000
"""Bytes that a page may have."""


def main(document: Path) -> int:
    """Print the figures and return the exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        output, site = folder / "out", folder / "site"
        oasmith = Path(sys.executable).with_name("oasmith")
        docs = run(
            [oasmith, "generate", document, "--output", output, "--emit", "docs"], cwd=folder
        )
        build = run([sys.executable, REPO / ".ci" / "site.py", output, site], cwd=folder)
        files = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
        pages = {path: size for path, size in files.items() if path.suffix == ".html"}
        print(f"generate  {docs.cpu:6.1f} s CPU, {docs.wall:6.1f} s")
        print(f"build     {build.cpu:6.1f} s CPU, {build.wall:6.1f} s, {build.rss:,.0f} MB")
        print(f"site      {len(pages):,} pages, {sum(files.values()) / 1e6:,.1f} MB")
        for name in ("search.json", "llms-full.txt", "openapi.bundled.json"):
            if (site / name).exists():
                print(f"          {name} {files[site / name]:,} bytes")
        ranked = sorted(pages, key=lambda path: -pages[path])
        for path in ranked[:5]:
            print(f"          {path.relative_to(site)} {pages[path]:,} bytes")
        too_large = [path for path in ranked if pages[path] > LIMIT]
        print(f"          {len(too_large)} pages above {LIMIT:,} bytes")
    return 1 if too_large else 0


if __name__ == "__main__":
    default = SHARED / "specs" / "es-serverless.json"
    sys.exit(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else default))
