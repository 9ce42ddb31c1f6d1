"""`sangkat order`: list, add from a JSON file, end."""

import argparse
from pathlib import Path
from uuid import UUID

import msgspec

from api.administration.orders import Ending
from api.commands.options import Commands, add_command, add_groups, read_date
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.commands.reaching import call, show
from api.orders.records import KnownOrder, Order
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    group = add_groups(commands, "order", "what the province ordered: list, add, end")
    add_command(group, "list", "list all orders, with their ids", _list)
    add = add_command(group, "add", "add an order from a JSON file", _add)
    add.add_argument(
        "file", type=Path, metavar="FILE", help="one order, fields as GET /v1/orders answers them"
    )
    end = add_command(group, "end", "let an order collect no longer", _end)
    end.add_argument("order", type=UUID, metavar="ID", help="as `order list` shows it")
    end.add_argument(
        "--on", required=True, type=read_date, metavar="DATE", help="its last day, 2022-09-24"
    )


def _list(options: argparse.Namespace, settings: Settings) -> int:
    del options
    known = call(settings, lambda to: to.ask("GET", "/orders", list[KnownOrder]))
    rows = [[one.id, one.order.deadline_at, one.order.ends_on, one.order.title.en] for one in known]
    print(show([["order", "deadline", "ends", "title"], *rows]))
    return DONE


def _add(options: argparse.Namespace, settings: Settings) -> int:
    try:
        order = msgspec.json.decode(options.file.read_bytes(), type=Order)
    except (OSError, msgspec.DecodeError) as error:
        raise Stopped(f"{options.file}: {error}", WRONG_USE) from error
    added = call(settings, lambda to: to.ask("POST", "/orders", KnownOrder, order))
    print(added.id)
    return DONE


def _end(options: argparse.Namespace, settings: Settings) -> int:
    path, body = f"/orders/{options.order}/ending", Ending(options.on)
    ended = call(settings, lambda to: to.ask("POST", path, KnownOrder, body))
    print(f"{ended.id} collects until {ended.order.ends_on}; what it collected stays")
    return DONE
