"""The command `python3 -m deploy`: sets the register up on this machine and starts it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from deploy import bundle, environment, pwa
from deploy.steps import Stopped

LOCK = "deploy/requirements.txt"


def main(arguments: Sequence[str]) -> int:
    options = read_options(arguments)
    try:
        if options.bundle:
            bundle.make(Path(options.bundle), LOCK)
            return 0
        python = environment.set_up(LOCK)
        pwa.set_up()
    except Stopped as stop:
        print(stop.advice, file=sys.stderr)
        return stop.exit_code
    if not options.setup_only:
        start(python, arguments)
    return 0


def start(python: Path, arguments: Sequence[str]) -> NoReturn:
    """The register takes this process over, so that signals and the exit code are its own."""
    os.chdir(environment.ROOT)
    os.execv(python, [str(python), "-m", "api", "serve", "--data", "var", *arguments])


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Everything but --setup-only is for `serve`; read here so that a slip is told at once."""
    parser = argparse.ArgumentParser(
        prog="python3 -m deploy",
        description="Set the register up on this machine and start it.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--demo",
        choices=["tiny", "commune", "province"],
        help="fill a new register with synthetic people, marked TEST DATA",
    )
    parser.add_argument("--data", metavar="DIR", help="where the register keeps its data (var)")
    parser.add_argument("--port", type=int, metavar="N", help="port to listen on (8000)")
    parser.add_argument("--host", metavar="H", help="address to listen on (127.0.0.1)")
    parser.add_argument("--certificate", metavar="F", help="TLS certificate; needs --key")
    parser.add_argument("--key", metavar="F", help="private key of the certificate")
    parser.add_argument("--behind-proxy", action="store_true", help="a proxy in front does TLS")
    parser.add_argument("--backups", metavar="DIR", help="sealed backups every five minutes")
    parser.add_argument("--today", metavar="DATE", help="the demo's day, such as 2022-09-20")
    parser.add_argument("--seed", type=int, metavar="N", help="another demo population")
    parser.add_argument("--setup-only", action="store_true", help="set up, do not start")
    said = "write all of it into one archive for machines without internet, do not start"
    parser.add_argument("--bundle", metavar="FILE", help=said)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
