"""`sangkat openapi`: prints the description of the interface, as `/schema` serves it."""

import argparse

from api.app import create_app
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE
from api.schema.document import write_openapi
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    add_command(commands, "openapi", "print the OpenAPI document of the interface", run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the document from the routes, without opening any data."""
    del options
    print(write_openapi(create_app(settings)), end="")
    return DONE
