"""The command `sangkat`: reads flags and environment, then hands over."""

import argparse
import os
import sys
from pathlib import Path

import uvicorn
from msgspec.structs import replace

from api.app import create_app
from api.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit code of wire.md."""
    parser = argparse.ArgumentParser(prog="sangkat")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the register")
    serve.add_argument("--data", type=Path, default=None)
    serve.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    settings = replace(
        settings,
        data_dir=options.data or settings.data_dir,
        port=options.port,
        base_url=f"http://127.0.0.1:{options.port}",
    )
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http="httptools",
        log_level="warning",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
