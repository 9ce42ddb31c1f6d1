"""Serving: where it refuses to listen, one server for one folder, an orderly end."""

import signal
import socket
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from api.commands.outcomes import Stopped
from api.commands.serve import is_loopback, listen
from tests.commands.served import sangkat, served
from tests.makers import LOG


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_plain_http_is_only_for_this_machine(tmp_path: Path, host: str):
    done = sangkat("serve", "--host", host, data=tmp_path / "data")
    assert done.returncode == 2
    assert "--behind-proxy" in done.stderr
    assert not (tmp_path / "data").exists()


def test_this_machine_has_several_names():
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    with pytest.raises(Stopped):
        is_loopback("no-such-host.invalid")


def test_half_a_certificate_is_wrong_use(tmp_path: Path):
    done = sangkat("serve", "--certificate", "cert.pem", data=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path):
    files = ["--certificate", __file__, "--key", __file__]
    done = sangkat("serve", "--host", "0.0.0.0", *files, data=tmp_path)
    assert done.returncode == 1
    assert Path(__file__).name in done.stderr


def test_a_taken_port_is_said_in_one_line(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = sangkat("serve", "--port", port, data=tmp_path / "data")
    assert done.returncode == 1
    assert port in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_folder_with_a_long_name_in_khmer_is_served_and_reached(tmp_path: Path):
    data = tmp_path / ("ក" * 70)
    with served(data):
        done = sangkat("account", "list", data=data)
        assert done.returncode == 0, done.stderr
        assert (data / "admin.sock").exists()
    assert not (data / "admin.sock").exists()


def test_a_folder_is_served_once(tmp_path: Path):
    with served(tmp_path) as first:
        second = sangkat("serve", "--port", "0", data=tmp_path)
        assert second.returncode == 1
        assert second.stderr == f"{tmp_path} is served by another process already\n"
        assert first.process.poll() is None


def test_an_ended_server_leaves_nothing_behind_and_starts_again(tmp_path: Path):
    with served(tmp_path) as first:
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait() == 0
    assert not (tmp_path / "admin.sock").exists()
    with served(tmp_path) as second:
        assert httpx.get(f"{second.url}/readyz").status_code == 200


def test_after_a_crash_the_next_start_needs_no_help(tmp_path: Path):
    with served(tmp_path) as first:
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
    assert (tmp_path / "admin.sock").exists()
    with served(tmp_path):
        assert sangkat("account", "list", data=tmp_path).returncode == 0


def test_the_data_are_for_the_operators_eyes(tmp_path: Path):
    with served(tmp_path / "data"):
        paths = [path for path in (tmp_path / "data").rglob("*") if not path.is_dir()]
        assert {"register.sqlite3", "admin.sock", "gateway.pem"} <= {path.name for path in paths}
        assert {path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077} == set()


def test_what_to_open_is_printed_with_a_code_to_scan(tmp_path: Path):
    with served(tmp_path) as server:
        assert f"Open {server.url}/app/" in server.said
        server.process.read_until("█")


def test_a_long_poll_does_not_hold_up_the_end(tmp_path: Path):
    with served(tmp_path) as server:
        token = sangkat("account", "token", "--role", "district", "--place", LOG, data=tmp_path)
        headers = {"Authorization": f"Bearer {token.stdout.strip()}"}
        ask = partial(httpx.post, f"{server.url}/v1/sync/pull", headers=headers, timeout=30)
        cursor = ask(json={}).json()["cursor"]
        with ThreadPoolExecutor() as threads:
            poll = threads.submit(ask, json={"cursor": cursor, "wait": 25})
            time.sleep(0.5)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert poll.result().status_code == 200
            assert server.process.wait() == 0
        # Well before the poll would have ended by itself.
        assert time.monotonic() - began < 20


def test_the_body_of_an_answer_does_not_wait_until_its_head_was_acknowledged():
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
