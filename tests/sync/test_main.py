"""The command: a receipt is checked without a network, an outbox is sent with one."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.settings import Settings
from sync.__main__ import main, send
from sync.outbox import create_outbox, open_outbox
from tests.sync.vectors import read_vectors
from tests.sync.way import LOG, PLACE, register_offline

VECTORS = read_vectors("receipts.json")
RECEIPT = VECTORS["receipts"][0]["receipt"]
JWKS = [key["jwk"] for key in VECTORS["keys"]]


class Server(uvicorn.Server):
    """Says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()


@pytest.fixture
async def url(tmp_path: Path) -> AsyncGenerator[str]:
    """Serve a register over a real connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(Settings(data_dir=tmp_path / "register", base_url=address, is_demo=True))
    server = Server(uvicorn.Config(app, log_level="warning"))
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(server.serve([listening]))
        await server.serving.wait()
        yield address
        server.should_exit = True
        await serving


@pytest.mark.parametrize("keys", [{"keys": JWKS}, {"receipt_keys": JWKS}, JWKS])
@pytest.mark.parametrize("before", ["", "https://register.example/verify#"])
def test_a_receipt_that_holds_is_shown(tmp_path, capsys, keys, before):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(keys))
    assert main(["verify", before + RECEIPT, "--keys", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == VECTORS["receipts"][0]["claims"]


@pytest.mark.parametrize("keys", ["[]", "{}", "no JSON", None])
def test_a_receipt_that_does_not_hold_is_refused(tmp_path, capsys, keys):
    file = tmp_path / "keys.json"
    if keys is not None:
        file.write_text(keys)
    assert main(["verify", RECEIPT, "--keys", str(file)]) == 1
    assert "does not hold" in capsys.readouterr().err


def test_wrong_use_is_said_so(capsys):
    with pytest.raises(SystemExit) as left:
        main(["verify"])
    assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


async def test_an_outbox_is_sent_over_a_real_connection(tmp_path, url, capsys):
    path = tmp_path / "outbox.sqlite"
    await create_outbox(path, LOG)
    async with open_outbox(path) as outbox:
        await register_offline(outbox)
        body = {"kind": "guesthouse", "capacity": "owner"}
        await outbox.compose({"kind": "premises", "place": PLACE, "body": body})
    assert await send(path, url, "phone") == 0
    assert capsys.readouterr().out == "received: 2\n"
    assert await send(path, url, "phone") == 0
    assert capsys.readouterr().out == "confirmed: 2\n"


async def test_an_outbox_that_cannot_be_sent_is_for_later(tmp_path, capsys):
    path = tmp_path / "outbox.sqlite"
    await create_outbox(path, LOG)
    async with open_outbox(path) as outbox:
        await register_offline(outbox)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    assert await send(path, f"http://127.0.0.1:{port}", "phone") == 75
    assert capsys.readouterr().out == "queued: 1\n"


def test_an_outbox_that_is_none_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    broken = tmp_path / "broken"
    broken.write_text("TEST DATA")
    for outbox in (tmp_path / "missing", broken):
        assert main(["send", "--outbox", str(outbox), "--url", "http://127.0.0.1:9"]) == 1
        assert capsys.readouterr().err.count("\n") == 1
