"""Lets the program run with one rule missing, and puts the rule back."""

import inspect
import sys
import textwrap
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from msgspec import Struct


class Mutant(Struct, frozen=True):
    """A rule that is missing; `faults` make the histories in which it is missed likely.

    `step` is its number in `sync/README.md`; `seed` is the number of a history
    that misses it, which is tried first; it decides how long the test takes.
    """

    step: str
    name: str
    place: str
    rule: str
    instead: str
    faults: frozenset[str] = frozenset()
    seed: int = 1


def mutant(*words: str, seed: int = 1) -> Mutant:
    """Take step, name, place, rule and what stands instead, then the faults."""
    step, name, place, rule, instead, *faults = words
    return Mutant(step, name, place, rule, instead, frozenset(faults), seed)


@contextmanager
def living(one: Mutant) -> Generator[None]:
    """Let the program run without the rule, wherever it was imported."""
    module_name, _, path = one.place.partition(":")
    module = import_module(module_name)
    owner: Any = module
    *classes, name = path.split(".")
    for part in classes:
        owner = getattr(owner, part)
    original = getattr(owner, name)
    changed = change(original, one, vars(module))
    places = [owner] if classes else list_places(original, name)
    for place in places:
        setattr(place, name, changed)
    try:
        yield
    finally:
        for place in places:
            setattr(place, name, original)


def list_places(original: Any, name: str) -> list[Any]:
    """Return every module that knows a function under its name."""
    return [
        module
        for module in list(sys.modules.values())
        if getattr(module, "__dict__", {}).get(name) is original
    ]


def change(original: Callable[..., Any], one: Mutant, names: dict[str, Any]) -> Any:
    source = textwrap.dedent(inspect.getsource(original))
    assert one.rule in source, f"the rule has moved: {one.name}"
    made: dict[str, Any] = {}
    code = compile(source.replace(one.rule, one.instead), f"<{one.name}>", "exec")
    exec(code, names, made)
    return made[original.__name__]
