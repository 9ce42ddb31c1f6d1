"""nginx in front of a register, from the files that an operator installs. TEST DATA."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from deploy.environment import ROOT
from tests.processes import find_free_port

NAME: Final = "register.example"
_FOLDER: Final = ROOT / "deploy"
_SECONDS_MAX: Final = 20


class Front(NamedTuple):
    """Where nginx listens, and whose certificate it shows."""

    plain_port: int
    tls_port: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"


def make_certificate(folder: Path) -> None:
    """Make a key and a certificate that nobody but this test trusts."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *made, *subject, *files], check=True, stderr=-3)


def write_nginx(folder: Path, front: Front, upstream: str) -> Path:
    """Write a whole configuration around the shipped files, with free ports in place of theirs."""
    site = (_FOLDER / "one-machine" / "sangkat.nginx").read_text()
    site = re.sub(r" *listen \[::\].*\n", "", site)
    for port, ours in ((80, front.plain_port), (443, front.tls_port)):
        site = site.replace(f"listen {port}", f"listen 127.0.0.1:{ours}")
    site = site.replace(f"/etc/letsencrypt/live/{NAME}", str(folder))
    site = site.replace("/var/log/nginx", str(folder))
    config = folder / "nginx.conf"
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # nginx's own settings as Debian has them, but for where it writes.
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr crit;\n"
        f"events {{}}\nhttp {{\n{paths}include /etc/nginx/mime.types;\n{upstream}\n{site}\n}}\n"
    )
    return config


def read_upstream(folder: str) -> str:
    return (_FOLDER / folder / "upstream.nginx").read_text()


@contextmanager
def fronted(folder: Path, port: int) -> Iterator[Front]:
    """Run nginx in front of a register on this port until the block ends."""
    folder.mkdir()
    make_certificate(folder)
    front = Front(find_free_port(), find_free_port(), folder / "fullchain.pem")
    upstream = read_upstream("one-machine").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    config = write_nginx(folder, front, upstream)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(["nginx", "-c", config], stderr=said, env=_environ())
    try:
        _await_nginx(front, process, folder / "said")
        yield front
    finally:
        process.terminate()
        process.wait()


def check_nginx(config: Path) -> str:
    """Return what nginx says of a configuration that it would not take, and nothing else."""
    asked = ["nginx", "-t", "-q", "-c", str(config)]
    return subprocess.run(asked, capture_output=True, text=True, check=False, env=_environ()).stderr


def _environ() -> dict[str, str]:
    return {**os.environ, "PATH": f"/usr/sbin:/sbin:{os.environ['PATH']}"}


def _await_nginx(front: Front, process: subprocess.Popen[bytes], said: Path) -> None:
    ends = time.monotonic() + _SECONDS_MAX
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{front.plain_port}/")
        except httpx.TransportError:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < ends
            time.sleep(0.02)
        else:
            return
