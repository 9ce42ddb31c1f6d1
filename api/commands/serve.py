"""`sangkat serve`: checks where it may listen, opens the data, and serves until told to stop."""

import argparse
import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from api.backups.schedule import backing_up
from api.commands.journal import keep_requests
from api.commands.opening import open_data
from api.commands.options import Commands, add_command, read_number
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.commands.recipes import SIZES, Wanted, add_recipe
from api.commands.servers import Listeners, serve_all
from api.commands.upgrade import upgrade
from api.commands.welcome import welcome
from api.metrics.app import PACKAGE, can_be_served
from api.scratch import sweep
from api.settings import PORTS, Settings, is_whole
from api.setup.rules import make_code

_BACKLOG: Final = 2_048
_LOOPBACK: Final = "127.0.0.1"


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(
        commands, "serve", "start the server; a new register is made if none is there", run
    )
    parser.add_argument(
        "--port",
        type=partial(read_number, PORTS),
        default=8000,
        metavar="N",
        help="where to listen (8000; 0 takes a free one)",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="address to listen on (127.0.0.1)"
    )
    parser.add_argument("--certificate", metavar="FILE", help="TLS certificate; needs --key")
    parser.add_argument("--key", metavar="FILE", help="private key of the certificate")
    parser.add_argument(
        "--behind-proxy", action="store_true", help="a proxy in front of it does HTTPS"
    )
    said = "make sealed backups in this folder every five minutes (SANGKAT_BACKUPS)"
    parser.add_argument("--backups", type=Path, metavar="DIR", help=said)
    said = "fill a new register with synthetic people, marked TEST DATA"
    parser.add_argument("--demo", choices=SIZES, help=said)
    add_recipe(parser)
    _add_figures(parser)


def _add_figures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--metrics-port",
        type=partial(read_number, PORTS),
        metavar="N",
        help="where Prometheus fetches figures, on 127.0.0.1 only (SANGKAT_METRICS_PORT, else no)",
    )
    said = "a line in the log for every request, without addresses (SANGKAT_LOG_REQUESTS=1)"
    parser.add_argument("--log-requests", action="store_true", help=said)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until a signal; the exit code is 0 after an orderly end."""
    check_reach(options)
    check_backups(options.backups or settings.backups_dir)
    settings = _watched(options, settings)
    wanted = Wanted(options.demo, options.seed, options.today) if options.demo else None
    with (
        listen(options.host, options.port) as listener,
        _listen_for_figures(settings.metrics_port) as figures,
    ):
        if is_whole(settings) and not settings.database:
            upgrade(settings)
        settings = _reached_at(options, settings, listener)
        asyncio.run(_serve(Listeners(listener, figures), settings, wanted))
    return DONE


def _watched(options: argparse.Namespace, settings: Settings) -> Settings:
    """Return the settings with what the flags say of figures and log."""
    port: int | None = options.metrics_port
    settings = replace(
        settings,
        metrics_port=settings.metrics_port if port is None else port,
        is_logging_requests=settings.is_logging_requests or options.log_requests,
    )
    if settings.metrics_port is not None and not can_be_served():
        raise Stopped(f"the figures need {PACKAGE}: pip install 'sangkat[metrics]'")
    if settings.is_logging_requests:
        keep_requests()
    return settings


@contextmanager
def _listen_for_figures(port: int | None) -> Generator[socket.socket | None]:
    """Listen on this machine's own address only: nobody signs in there."""
    if port is None:
        yield None
        return
    with listen(_LOOPBACK, port, "--metrics-port") as listener:
        print(f"Figures on http://{_LOOPBACK}:{listener.getsockname()[1]}/metrics", flush=True)
        yield listener


async def _serve(listeners: Listeners, settings: Settings, wanted: Wanted | None) -> None:
    if wanted is not None:
        # Loaded for this alone: it takes a quarter as long as all that a server needs.
        await import_module("api.commands.demo").prepare(settings, wanted)
    sweep(settings.data_dir)
    async with open_data(settings) as register:
        await register.engine.hold_room()
        async with backing_up(register, settings.backups_dir):
            await serve_all(register, listeners, await welcome(register))


def check_reach(options: argparse.Namespace) -> None:
    """Refuse to speak plain HTTP to anything but this machine, and half a certificate."""
    if bool(options.certificate) != bool(options.key):
        raise Stopped("--certificate and --key go together", WRONG_USE)
    is_safe = options.certificate or options.behind_proxy or is_loopback(options.host)
    if not is_safe:
        why = "phones need HTTPS there: give --certificate and --key, or --behind-proxy"
        raise Stopped(f"will not listen on {options.host} in plain HTTP; {why}", WRONG_USE)
    if options.certificate:
        check_certificate(options.certificate, options.key)


def check_backups(folder: Path | None) -> None:
    """Refuse a folder that is not there: a disk that is not mounted would look like one."""
    if folder is not None and not folder.is_dir():
        raise Stopped(f"{folder} is no folder for backups", WRONG_USE)


def check_certificate(certificate: str, key: str) -> None:
    """Refuse a certificate that no phone could be served with."""
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except OSError as error:
        raise Stopped(
            f"{certificate} and {key} are no certificate with its key: {error}"
        ) from error


def is_loopback(host: str) -> bool:
    """Say whether every address of a host is this machine's own."""
    return all(ipaddress.ip_address(address).is_loopback for address in _addresses(host))


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Stopped(f"no address is known for {host}", WRONG_USE) from error
    return [str(address[0]).partition("%")[0] for *_, address in found]


def listen(host: str, port: int, flag: str = "--port") -> socket.socket:
    """Return a listening socket; a taken port is found before the data are touched."""
    address = _addresses(host)[0]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listener = socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        why = f"cannot listen on {host} port {port}: {error.strerror}; try {flag}"
        raise Stopped(why) from error
    # asyncio does so for its own sockets alone: what follows a head would else wait 40 ms for the
    # client's word that the head has come.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _reached_at(
    options: argparse.Namespace, settings: Settings, listener: socket.socket
) -> Settings:
    """Return the settings with the address under which phones reach this process."""
    port: int = listener.getsockname()[1]
    scheme = "https" if options.certificate else "http"
    host = _named(options.host)
    return replace(
        settings,
        host=options.host,
        port=port,
        certificate=options.certificate,
        key=options.key,
        is_behind_proxy=options.behind_proxy,
        setup_code=make_code(),
        backups_dir=options.backups or settings.backups_dir,
        base_url=settings.base_url or f"{scheme}://{host}:{port}",
    )


def _named(host: str) -> str:
    """Return a host as it stands in an address; "every address" goes by the machine's name."""
    if ipaddress.ip_address(_addresses(host)[0]).is_unspecified:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
