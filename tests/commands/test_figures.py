"""`serve --metrics-port`: on this machine only, and in the way of nobody."""

import importlib.util
import json
import socket
from pathlib import Path

import httpx
import pytest

from api.__main__ import main
from tests.commands.served import sangkat, served
from tests.metrics.figures import read_samples


def test_the_figures_have_a_port_of_their_own_and_nothing_else_is_there(tmp_path: Path):
    with served(tmp_path, "--metrics-port", "0", "--log-requests") as running:
        url = running.said.split("Figures on ")[1].split()[0]
        assert url.startswith("http://127.0.0.1:")
        refused = httpx.get(f"{running.url}/v1/stays", params={"q": "TEST DATA"})
        figures = read_samples(httpx.get(url).text)
        assert figures["sangkat_requests_total", "stays.read", "4xx"] == 1
        assert figures["sangkat_refusals_total", refused.json()["code"]] == 1
        assert httpx.get(url.replace("/metrics", "/readyz")).status_code == 404
        lines = map(json.loads, running.process.read("stderr").splitlines())
        (line,) = [one for one in lines if one.get("operation") == "stays.read"]
    assert line["request_id"] == refused.headers["X-Request-Id"]
    assert (line["status"], line["code"]) == (401, "token.invalid")
    assert (tmp_path / "admin.sock").exists() is False


def test_without_the_flags_there_are_neither_figures_nor_a_line_for_each_request(tmp_path: Path):
    with served(tmp_path) as running:
        httpx.get(f"{running.url}/v1/stays")
        assert "Figures on" not in running.said
        assert running.process.read("stderr") == ""


def test_a_taken_port_is_said_before_the_data_are_touched(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = sangkat("serve", "--port", "0", "--metrics-port", port, data=tmp_path / "data")
    assert done.returncode == 1
    assert port in done.stderr
    assert done.stderr.endswith("try --metrics-port\n")
    assert not (tmp_path / "data").exists()


def test_the_package_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    found = importlib.util.find_spec
    hide = {"prometheus_client"}
    monkeypatch.setattr(
        "api.metrics.app.find_spec", lambda name: None if name in hide else found(name)
    )
    given = ["serve", "--data", str(tmp_path / "data"), "--port", "0", "--metrics-port", "0"]
    assert main(given) == 1
    assert capsys.readouterr().err == (
        "the figures need prometheus-client: pip install 'sangkat[metrics]'\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_port_in_the_environment_has_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("SANGKAT_METRICS_PORT", "99999")
    assert main(["serve", "--data", str(tmp_path), "--port", "0"]) == 2
    assert "SANGKAT_METRICS_PORT" in capsys.readouterr().err
