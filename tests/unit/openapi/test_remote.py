"""References to the web, with a server on loopback in the place of the internet.

The hosts of these tests have a public address as far as oasmith is told; the connection to it is
then made to the server. What is checked, and where connections go, is the same as for users.
"""

import functools
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from oasmith import cli
from oasmith.diagnostics import Diagnostics
from oasmith.openapi import Limits, load, remote
from oasmith.openapi.lock import read_lock
from oasmith.openapi.refs import Broken
from oasmith.openapi.remote import Remote, is_public

PUBLIC = "93.184.216.34"
PRIVATE = "10.0.0.1"
HOSTS = {
    "api.example.com": [PUBLIC],
    "inside.example.com": [PRIVATE],
    "both.example.com": [PUBLIC, PRIVATE],
}
Pages = dict[str, tuple[int, dict[str, str], bytes]]


class Web:
    """A server and what it was asked for."""

    def __init__(self) -> None:
        self.pages: Pages = {}
        self.asked: list[str] = []
        self.connected: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(f"{self.headers['Host']}{self.path}")
                status, headers, body = web.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def page(self, path: str, body: str, status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, headers, body.encode())

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        self.connected.append(f"{address}:{port}")
        return socket.create_connection(("127.0.0.1", self.server.server_port), timeout)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, args=(0.01,))
    thread.start()
    yield web
    web.server.shutdown()
    thread.join()
    web.server.server_close()


def resolve(host: str, port: int) -> list[str]:
    if host not in HOSTS:
        raise OSError(f"{host} is not known")
    return HOSTS[host]


@pytest.fixture
def reader(web: Web) -> Callable[..., Remote]:
    return functools.partial(Remote, resolve=resolve, connect=web.connect)


def refusal(reader: Callable[..., Remote], url: str, size: int = 1000) -> str:
    found = reader({}, size=size).read(url)
    assert isinstance(found, Broken)
    assert found.code == "remote-unreadable"
    return found.message


# --- addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "no address",
    ],
)
def test_an_address_of_a_machine_or_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["inside.example.com", "both.example.com"])
def test_a_host_with_any_private_address_is_refused_before_a_connection(
    host: str, web: Web, reader: Callable[..., Remote]
) -> None:
    message = refusal(reader, f"http://{host}/a.json")
    assert message.endswith(f"{host} is {PRIVATE}, which is not a public address")
    assert web.connected == []


def test_a_loopback_address_in_the_reference_itself_is_refused() -> None:
    found = Remote({}, size=1000).read("http://127.0.0.1:9/a.json")
    assert isinstance(found, Broken)
    assert found.message.endswith("127.0.0.1 is 127.0.0.1, which is not a public address")


def test_the_connection_goes_to_the_address_that_was_checked(
    web: Web, reader: Callable[..., Remote]
) -> None:
    web.page("/a.json?v=1", "{}")
    assert reader({}, size=1000).read("http://api.example.com:8080/a.json?v=1") == b"{}"
    assert web.connected == [f"{PUBLIC}:8080"]
    assert web.asked == ["api.example.com:8080/a.json?v=1"]


# --- answers --------------------------------------------------------------------------------


def test_redirects_are_followed_and_each_is_checked(
    web: Web, reader: Callable[..., Remote]
) -> None:
    web.page("/a.json", "", 302, Location="/b.json")
    web.page("/b.json", "[]")
    assert reader({}, size=1000).read("http://api.example.com/a.json") == b"[]"
    web.page("/b.json", "", 307, Location="http://inside.example.com/c.json")
    assert "which is not a public address" in refusal(reader, "http://api.example.com/a.json")
    web.page("/b.json", "", 301, Location="file:///etc/passwd")
    assert "neither http nor https" in refusal(reader, "http://api.example.com/a.json")
    assert {entry.partition(":")[0] for entry in web.connected} == {PUBLIC}


def test_redirects_come_to_an_end(web: Web, reader: Callable[..., Remote]) -> None:
    web.page("/a.json", "", 302, Location="/a.json")
    assert refusal(reader, "http://api.example.com/a.json").endswith("more than 5 redirects")
    assert len(web.asked) == 6


def test_a_redirect_does_not_leave_https(
    reader: Callable[..., Remote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Remote, "_get", lambda *_: "http://api.example.com/b.json")
    message = refusal(reader, "https://api.example.com/a.json")
    assert message.endswith("it leads from https to http://api.example.com/b.json")


def test_what_is_too_large_is_refused(web: Web, reader: Callable[..., Remote]) -> None:
    web.page("/a.json", "x" * 11)
    assert "it is larger than" in refusal(reader, "http://api.example.com/a.json", size=10)
    assert reader({}, size=11).read("http://api.example.com/a.json") == b"x" * 11


def test_an_answer_that_is_cut_off_is_refused(web: Web, reader: Callable[..., Remote]) -> None:
    web.pages["/a.json"] = (200, {"Content-Length": "50"}, b"{}")
    assert "ends before its end" in refusal(reader, "http://api.example.com/a.json")


def test_time_is_limited(reader: Callable[..., Remote], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "SECONDS", 0.0)
    assert "it takes longer than" in refusal(reader, "http://api.example.com/a.json")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://api.example.com/missing.json", "the server answers 404"),
        ("http://unknown.example.com/a.json", "unknown.example.com is not known"),
        ("http://user:word@api.example.com/a.json", "a user or password in the address"),
        ("http:///a.json", "no host in the address"),
        ("http://api.example.com:99999/a.json", "Port out of range 0-65535"),
        ("http://api.example.com/a\r\nX: 1", "characters that must be escaped"),
    ],
)
def test_what_cannot_be_fetched_is_told(
    url: str, reason: str, reader: Callable[..., Remote]
) -> None:
    assert reason in refusal(reader, url)


# --- the lock -------------------------------------------------------------------------------

DOCUMENT = """openapi: 3.1.0
info: {title: Pets, version: "1"}
paths: {}
components:
  schemas:
    Pet: {$ref: "http://api.example.com/schemas/pet.yaml"}
"""
PET = "type: object\nproperties:\n  owner: {$ref: owner.json}\n"
OWNER = '{"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}'


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def pets(
    web: Web,
    reader: Callable[..., Remote],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    monkeypatch.setattr(remote, "Remote", reader)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    web.page("/schemas/pet.yaml", PET)
    web.page("/schemas/owner.json", OWNER)
    return tmp_path


def run(*arguments: str) -> int:
    return cli.main(["generate", "openapi.yaml", "--package", "pets", *arguments])


def test_what_references_lead_to_is_generated_and_locked(pets: Path, web: Web) -> None:
    assert run("--allow-remote") == 0
    models = pets / "generated" / "pets" / "src" / "pets" / "models"
    assert "owner: Omittable[Owner]" in (models / "pet.py").read_text()
    assert (pets / "oasmith.lock").read_text() == (
        "# What remote references led to. Delete a line to accept what is there now.\n"
        f"{digest(OWNER)}  http://api.example.com/schemas/owner.json\n"
        f"{digest(PET)}  http://api.example.com/schemas/pet.yaml\n"
    )
    assert sorted(web.asked) == [
        "api.example.com/schemas/owner.json",
        "api.example.com/schemas/pet.yaml",
    ]


def test_a_run_that_finds_nothing_changed_fetches_nothing(
    pets: Path, web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--allow-remote")
    web.asked.clear()
    capsys.readouterr()
    assert run("--allow-remote") == 0
    assert capsys.readouterr().out == "generated is current\n"
    assert web.asked == []
    (pets / "oasmith.lock").unlink()
    assert run("--allow-remote") == 0
    assert len(web.asked) == 2


def test_a_change_is_an_error_until_it_is_accepted(
    pets: Path, web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--allow-remote")
    lock = (pets / "oasmith.lock").read_text()
    changed = OWNER.replace("name", "label")
    web.page("/schemas/owner.json", changed)
    capsys.readouterr()

    assert run("--allow-remote", "--force") == 1
    assert capsys.readouterr().err == (
        "http://api.example.com/schemas/pet.yaml:3:17: error[remote-changed]: "
        "http://api.example.com/schemas/owner.json is not what it was: its SHA-256 is "
        f"{digest(changed)}, locked is {digest(OWNER)}\n"
        "  3 |   owner: {$ref: owner.json}\n"
        "    |                 ^\n"
        "  in #/properties/owner/$ref\n"
        "  hint: look at it; to accept it, delete its line from oasmith.lock\n"
        "1 error; nothing was written\n"
    )
    assert (pets / "oasmith.lock").read_text() == lock

    kept = "".join(line for line in lock.splitlines(True) if "owner" not in line)
    (pets / "oasmith.lock").write_text(kept)
    assert run("--allow-remote") == 0
    assert digest(changed) in (pets / "oasmith.lock").read_text()
    models = pets / "generated" / "pets" / "src" / "pets" / "models"
    assert "label: str" in (models / "owner.py").read_text()


def test_a_check_writes_no_lock_and_misses_it(
    pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--allow-remote")
    (pets / "oasmith.lock").unlink()
    capsys.readouterr()
    assert run("--allow-remote", "--check") == 1
    assert capsys.readouterr().out == f"{pets / 'oasmith.lock'}: missing\n"
    assert not (pets / "oasmith.lock").exists()


def test_a_lock_line_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "oasmith.lock"
    file.write_text(
        f"# words\n\n{digest('a')}  http://a.example.com/a\nabc  http://a.example.com/b\n"
    )
    diagnostics = Diagnostics()
    assert read_lock(file, diagnostics) == {"http://a.example.com/a": digest("a")}
    (found,) = diagnostics
    assert (found.code, found.message) == (
        "unparsable",
        "a line is a SHA-256, two spaces and an address",
    )
    assert found.location is not None
    assert found.location.position().line == 4


def test_a_document_on_the_web_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["generate", "https://api.example.com/openapi.yaml"]) == 2
    assert "https://api.example.com/openapi.yaml is no file" in capsys.readouterr().err


def test_files_of_the_web_count_like_others(
    reader: Callable[..., Remote], web: Web, tmp_path: Path
) -> None:
    references = [f"  x-{name}: {{$ref: 'http://api.example.com/{name}.yaml'}}" for name in "abc"]
    document = "openapi: 3.1.0\ninfo:\n  title: t\n  version: '1'\n" + "\n".join(references)
    (tmp_path / "openapi.yaml").write_text(document, encoding="utf-8")
    for name in "abc":
        web.page(f"/{name}.yaml", "{}")
    diagnostics = Diagnostics()
    limits = Limits(files=2)
    path = tmp_path / "openapi.yaml"
    loaded = load(path, diagnostics, limits, remote=reader({}, size=1000))
    for name in "abc":
        loaded.node["info"][f"x-{name}"].follow()
    said = [(found.code, found.message) for found in diagnostics.sorted()]
    assert said == [("too-large", "the document is spread over more than 2 files")] * 2
    assert len(web.asked) == 1
