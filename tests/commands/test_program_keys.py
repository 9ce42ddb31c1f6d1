"""Programs with a key of their own: the operator enters its public half, and they sign in by it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from sync.client import Client, RequestFailed
from sync.instants import read_instant
from sync.keys import new_private_key, public_jwk, thumbprint
from sync.messages import PullRequest
from sync.sign_in import make_assertion, make_form
from tests.commands.served import Served, sangkat, served
from tests.makers import SANGKAT_4

_FLAGS = ["--place", SANGKAT_4, "--scope", "registrations:read", "--name", "TEST DATA Program"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("register")) as started:
        yield started


def in_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def in_jwk(key: ec.EllipticCurvePrivateKey) -> bytes:
    return msgspec.json.encode(public_jwk(key))


@pytest.mark.parametrize("write", [in_pem, in_jwk])
async def test_a_program_signs_in_with_its_key_until_its_account_is_disabled(
    server: Served, tmp_path: Path, write: Callable[[ec.EllipticCurvePrivateKey], bytes]
):
    key, file = new_private_key(), tmp_path / "program.pub"
    file.write_bytes(write(key))
    made = sangkat("account", "token", "--key", file, *_FLAGS, data=server.data)
    assert made.stdout.strip() == thumbprint(public_jwk(key)), made.stderr
    account = made.stderr.split()[5].rstrip(";")
    async with Client(server.url, key, "program") as client:
        await client.sign_in()
        await client.pull(PullRequest())
        listed = sangkat("account", "list", "--role", "client", data=server.data).stdout
        (row,) = [line.split() for line in listed.splitlines() if line.startswith(account)]
        assert row[2:4] == ["active", "1"]
        assert sangkat("account", "disable", account, data=server.data).returncode == 0
        with pytest.raises(RequestFailed):
            await client.sign_in()


def test_a_programs_token_lasts_ten_minutes_and_has_its_scopes(server: Served, tmp_path: Path):
    key, file = new_private_key(), tmp_path / "program.pub"
    file.write_bytes(in_pem(key))
    assert sangkat("account", "token", "--key", file, *_FLAGS, data=server.data).returncode == 0
    info = httpx.get(f"{server.url}/v1/sync/info").json()
    now_ms = read_instant(info["server_time"])
    assertion = make_assertion(key, server.url, info["nonce"], server_ms=now_ms, jti=UUID(int=7))
    form = make_form("program", assertion)
    answer = httpx.post(f"{server.url}/oauth/token", data=form).json()
    assert (answer["expires_in"], answer["scope"]) == (600, "registrations:read")


def test_a_key_is_entered_once(server: Served, tmp_path: Path):
    file = tmp_path / "program.pub"
    file.write_bytes(in_pem(new_private_key()))
    assert sangkat("account", "token", "--key", file, *_FLAGS, data=server.data).returncode == 0
    done = sangkat("account", "token", "--key", file, *_FLAGS, data=server.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert "/key" in done.stderr


def test_only_the_public_half_of_a_p256_key_is_taken(server: Served, tmp_path: Path):
    private = new_private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    outside = b'{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}'
    cases = {
        "private": (private, 2),
        "other curve": (in_pem(ec.generate_private_key(ec.SECP384R1())), 2),
        "no key": (b"TEST DATA", 2),
        "no point": (outside, 1),
    }
    for name, (content, exit_code) in cases.items():
        file = tmp_path / name
        file.write_bytes(content)
        done = sangkat("account", "token", "--key", file, *_FLAGS, data=server.data)
        assert (done.returncode, done.stdout) == (exit_code, ""), name
        assert done.stderr.count("\n") == 1, name
    done = sangkat("account", "token", "--key", tmp_path / "none", *_FLAGS, data=server.data)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("flags", ["--role officer", f"--account {UUID(int=1)}"])
def test_a_key_is_for_a_new_program(server: Served, tmp_path: Path, flags: str):
    file = tmp_path / "program.pub"
    file.write_bytes(in_pem(new_private_key()))
    more = [*flags.split(), *_FLAGS]
    done = sangkat("account", "token", "--key", file, *more, data=server.data)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--key" in done.stderr
