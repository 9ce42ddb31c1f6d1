"""`sangkat setup`: the first steps without a browser; asks for what the flags do not say."""

import argparse
import sys
from typing import Final

from api.administration.first_steps import OpenOrder
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.commands.reaching import Refused, call
from api.problems import SetUpAlready
from api.settings import Settings
from api.setup.records import Steps

_ASKED = {
    "operator": "Who operates the register",
    "contact": "How to reach the operator",
    "legal_basis": "Legal basis of what is collected",
    "place": "Commune of the first head of post, who is invited (such as psh-c-sangkat-4)",
}

_DONE_ALREADY: Final = (
    "this register is set up already, nothing was changed. `sangkat account invite` invites more"
    " people, `sangkat order` adds and ends orders, `sangkat pledge approve` records an approval;"
    " operator, contact and legal basis stay as they were recorded"
)


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    said = "the first steps of a new register: who answers for it; asks for what no flag says"
    parser = add_command(commands, "setup", said, run)
    for name, said in _ASKED.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=said)
    parser.add_argument(
        "--order", metavar="ID", help="the order to collect for; the others end today"
    )
    said = "who approved the pledge text, if somebody has"
    parser.add_argument("--approved-by", metavar="TEXT", help=said)
    parser.add_argument("--approved-on", metavar="DATE", help="when, 2026-01-05")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Record it and print the code for the first head of post."""
    orders = _list_orders(settings)
    body = {name: getattr(options, name) or _ask(name) for name in _ASKED}
    approval = {"approved_by": options.approved_by, "approved_on": options.approved_on}
    order = {"order_id": options.order or _choose(orders)}
    given = {name: value for name, value in {**body, **approval, **order}.items() if value}
    steps = call(settings, lambda to: to.ask("POST", "/setup", Steps, given))
    print(f"{steps.invitation}  for the head of post of {steps.place}, until {steps.expires_at}")
    if not steps.is_pledge_approved:
        print("Nobody can sign the pledge until `sangkat pledge approve` records its approval.")
    return DONE


def _list_orders(settings: Settings) -> list[OpenOrder]:
    """Return what can be collected for, before anybody is asked anything."""
    try:
        return call(settings, lambda to: to.ask("GET", "/setup", list[OpenOrder]))
    except Refused as refused:
        if refused.code != SetUpAlready.code:
            raise
        raise Stopped(f"{refused.code}: {_DONE_ALREADY}") from refused


def _choose(orders: list[OpenOrder]) -> str:
    if len(orders) != 1:
        listed = "; ".join(f"{each.id} {each.title}" for each in orders)
        raise Stopped(f"choose one with --order: {listed}", WRONG_USE)
    return str(orders[0].id)


def _ask(name: str) -> str:
    if not sys.stdin.isatty():
        raise Stopped(f"--{name.replace('_', '-')} is missing", WRONG_USE)
    return input(f"{_ASKED[name]}: ").strip()
