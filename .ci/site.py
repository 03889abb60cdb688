"""Build a site from the docs of a package: .ci/site.py OUTPUT SITE

OUTPUT is a folder that `oasmith generate` wrote, SITE the folder to make anew. The site works from
any address and from the disk, and asks no other host for anything: the programs it needs besides
the theme are fetched from npm once, checked against the digests below, and copied into it.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from html import escape
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
FETCHED = HERE.parent / "build" / "npm"


class Part(NamedTuple):
    """One file of a package of npm. `integrity` is that of the package, as npm states it."""

    package: str
    version: str
    integrity: str
    file: str


READER = Part(
    "@scalar/api-reference",
    "1.72.1",
    "sha512-XpEJ0rfc/cXbCrR+iC4kK0o/WwX2dTtGQbT049OlPKAHD6IMIFdTeGz2r+M27P2EDWKyUITRm/NzlP8z2pw/Ow==",
    "dist/browser/standalone.js",
)
"""Shows an OpenAPI document and tries its operations (MIT license)."""
WORKER = Part(
    "iframe-worker",
    "1.0.4",
    "sha512-roeaaI+Lg1LJNfgpCjoRe/+WzEjy9+Z08LoEvu85MCPbBjwm+qXz8Ag5U05lHa6V1CysZyGzE0SOkAtSUA5q7Q==",
    "shim/index.js",
)
"""Lets the search work from the disk, where browsers run no workers (MIT license)."""
AXE = Part(
    "axe-core",
    "4.14.1",
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    "axe.min.js",
)
"""Finds what bars people from a page; the tests use it (MPL-2.0 license)."""

SETTINGS = """\
INHERIT: mkdocs.yml
plugins:
  - offline
extra:
  generator: false
  polyfills:
    - assets/iframe-worker.js
extra_css:
  - assets/site.css
"""
WITH_READER = """\
nav:
  - Interactive reference: interactive.html
"""
INTERACTIVE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="assets/images/favicon.png">
<style>
.back {{ padding: 0.5rem 0.75rem; font: 0.875rem sans-serif; background: #fff; }}
.back a {{ color: #3a4fd0; }}
@media (prefers-color-scheme: dark) {{
  .back {{ background: #0f0f0f; }}
  .back a {{ color: #8c9eff; }}
}}
</style>
</head>
<body>
<nav class="back" aria-label="Site"><a href="index.html">Back to the reference</a></nav>
<div id="reference"></div>
<script src="assets/openapi.js"></script>
<script src="assets/reference.js"></script>
<script>
Scalar.createApiReference("#reference", {{
  content: openapi,
  telemetry: false,
  withDefaultFonts: false,
  agent: {{ disabled: true }},
  mcp: {{ disabled: true }},
  showDeveloperTools: "never",
  hideClientButton: true,
  hiddenClients: true,
}});
</script>
</body>
</html>
"""


def fetch(part: Part) -> bytes:
    """Return the file of a package, from npm or from an earlier run."""
    name = f"{part.package}-{part.version}".removeprefix("@").replace("/", "-")
    archive = FETCHED / f"{name}.tgz"
    if not archive.exists():
        FETCHED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FETCHED) as folder:
            wanted = f"{part.package}@{part.version}"
            npm = ("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder)
            subprocess.run([*npm, wanted], check=True, stdout=subprocess.DEVNULL)
            (Path(folder) / archive.name).replace(archive)
    data = archive.read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != part.integrity:
        archive.unlink()
        sys.exit(f"error: {part.package} {part.version} is {found}, not {part.integrity}")
    with tarfile.open(archive) as files:
        member = files.extractfile(f"package/{part.file}")
        assert member is not None
        return member.read()


def stage(output: Path, folder: Path) -> None:
    """Lay out what the site is made from: the docs as they are, and what the site adds."""
    shutil.copytree(output / "docs", folder / "docs")
    shutil.copy(output / "mkdocs.yml", folder)
    assets = folder / "docs" / "assets"
    assets.mkdir()
    (assets / "iframe-worker.js").write_bytes(fetch(WORKER))
    shutil.copy(HERE / "site.css", assets)
    settings = SETTINGS
    bundle = output / "openapi.bundled.json"
    if bundle.exists():
        settings += WITH_READER
        document = json.loads(bundle.read_text("utf-8"))
        title = escape(f"{document['info']['title']}: interactive reference")
        (assets / "reference.js").write_bytes(fetch(READER))
        (assets / "openapi.js").write_text(f"const openapi = {json.dumps(document)};\n", "utf-8")
        page = INTERACTIVE.format(title=title)
        (folder / "docs" / "interactive.html").write_text(page, "utf-8")
        shutil.copy(bundle, folder / "docs")
    (folder / "site.yml").write_text(settings, "utf-8")


def main(output: Path, site: Path) -> None:
    """Build the site; an older one is replaced when the new one is complete."""
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=site.parent, prefix=".site-") as scratch:
        folder = Path(scratch)
        stage(output, folder)
        zensical = Path(sys.executable).with_name("zensical")
        subprocess.run([zensical, "build", "--strict", "-f", folder / "site.yml"], check=True)
        for page in (folder / "docs").rglob("*.md"):
            shutil.copy(page, folder / "site" / page.relative_to(folder / "docs"))
        shutil.rmtree(site, ignore_errors=True)
        (folder / "site").replace(site)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
