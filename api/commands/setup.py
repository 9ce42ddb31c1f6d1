"""`sangkat setup`: the first steps without a browser; asks for what the flags do not say."""

import argparse
import sys

from api.administration.first_steps import OpenOrder
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.commands.reaching import Administration, call
from api.settings import Settings
from api.setup.records import Steps

_ASKED = {
    "operator": "Who operates the register",
    "contact": "How to reach the operator",
    "legal_basis": "Legal basis",
    "place": "Commune of the first head of post (such as psh-c-sangkat-4)",
}


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(commands, "setup", "say who answers for a new register", run)
    for name, said in _ASKED.items():
        parser.add_argument(f"--{name.replace('_', '-')}", help=said)
    parser.add_argument("--order", metavar="ID", help="order collected for; the others end today")
    parser.add_argument("--approved-by", help="who approved the pledge text")
    parser.add_argument("--approved-on", metavar="DATE", help="when")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Record it and print the code for the first head of post."""
    body = {name: getattr(options, name) or _ask(name) for name in _ASKED}
    approval = {"approved_by": options.approved_by, "approved_on": options.approved_on}
    given = {name: value for name, value in {**body, **approval}.items() if value}
    steps = call(settings, lambda to: _take(to, given, options.order))
    print(f"{steps.invitation}  for the head of post of {steps.place}, until {steps.expires_at}")
    if not steps.is_pledge_approved:
        print("Nobody can sign the pledge until `sangkat pledge approve` records its approval.")
    return DONE


async def _take(to: Administration, given: dict[str, str], order: str | None) -> Steps:
    orders = await to.ask("GET", "/setup", list[OpenOrder])
    if order is None and len(orders) != 1:
        listed = "; ".join(f"{each.id} {each.title}" for each in orders)
        raise Stopped(f"choose one with --order: {listed}", WRONG_USE)
    body = {**given, "order_id": order or str(orders[0].id)}
    return await to.ask("POST", "/setup", Steps, body)


def _ask(name: str) -> str:
    if not sys.stdin.isatty():
        raise Stopped(f"--{name.replace('_', '-')} is missing", WRONG_USE)
    return input(f"{_ASKED[name]}: ").strip()
