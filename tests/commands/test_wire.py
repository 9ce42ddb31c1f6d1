"""What comes over the socket and is no HTTP of ours gets a problem, never silence or a 500."""

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from tests.commands.served import Served, served

_PUSH = b"POST /v1/devices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
_CHUNKED = _PUSH + b"Transfer-Encoding: chunked\r\n\r\n"
_CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
_GET = b"GET /v1/orders HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module", name="demo")
def open_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("demo") / "register", "--demo", "tiny") as running:
        yield running


def talk(url: str, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the first answer to these bytes."""
    at = urlsplit(url)
    with socket.create_connection((at.hostname, at.port), timeout=10) as line:
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(sent)
        return read_answer(line.makefile("rb"))


def read_answer(answer: BinaryIO) -> tuple[int, dict[str, str], bytes]:
    status = int(answer.readline().split()[1])
    pairs = iter(answer.readline, b"\r\n")
    headers = dict(pair.decode().strip().lower().split(": ", 1) for pair in pairs)
    return status, headers, answer.read(int(headers["content-length"]))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"rubbish\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (_GET + b"X-Large: " + b"a" * 1_000_000 + b"\r\n\r\n", 400),
        (_GET + b"X-Endless: " + b"a" * 1_000_000, 400),
        (_GET + b"".join(b"X-%d: a\r\n" % n for n in range(100_000)), 400),
        (b"GET /" + b"a" * 1_000_000, 400),
        (b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /v1/orders?a=\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /v1/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /v1/orders HTTP/1.1\r\n\r\n", 400),
        (b"GET /v1/orders HTTP/1.1\r\nX-Host: x\r\n\r\n", 400),
        (b"POST /v1/devices HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 400),
        (_GET + b"Host: y\r\n\r\n", 400),
        (b"GET /v1/communes/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (_PUSH + b"Content-Length: -1\r\n\r\n{}", 400),
        (_PUSH + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
        (_PUSH + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400),
        (_PUSH + b"Transfer-Encoding: gzip\r\n\r\n{}", 400),
        (_CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", 400),
        (_CHUNKED + _CHUNK + b"0\r\n\r\n", 413),
        (_PUSH + b"Content-Length: 9999999999\r\n\r\n" + b" " * 3_000_000, 413),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_no_request_of_ours_is_refused(demo: Served, sent: bytes, status: int):
    got, headers, body = talk(demo.url, sent)
    assert got == status
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["code"] in {"request.malformed", "not-found", "request.too-large"}


def test_a_bomb_is_not_unpacked(demo: Served):
    bomb = gzip.compress(b" " * 100_000_000)
    head = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    assert talk(demo.url, _PUSH + head + bomb)[0] == 413


def test_a_connection_goes_on_after_large_bodies(demo: Served):
    at = urlsplit(demo.url)
    content = b" " * 30_000
    one = _PUSH + b"Content-Length: %d\r\n\r\n" % len(content) + content
    with socket.create_connection((at.hostname, at.port), timeout=10) as line:
        answers = line.makefile("rb")
        for _ in range(2):
            line.sendall(one)
            assert read_answer(answers)[0] == 400


def test_the_version_before_names_no_host(demo: Served):
    assert talk(demo.url, b"GET /livez HTTP/1.0\r\n\r\n")[0] == 200


def test_a_second_request_without_a_host_is_refused_after_the_first_was_answered(demo: Served):
    at = urlsplit(demo.url)
    with socket.create_connection((at.hostname, at.port), timeout=10) as line:
        answers = line.makefile("rb")
        line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(answers)[0] == 200
        line.sendall(b"GET /livez HTTP/1.1\r\n\r\n")
        assert read_answer(answers)[0] == 400
        assert answers.read() == b""
