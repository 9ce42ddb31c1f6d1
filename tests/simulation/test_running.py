"""A history that goes wrong says what to type to see it go wrong again."""

import shlex
from typing import NamedTuple

import pytest

from tests.simulation.__main__ import main, without
from tests.simulation.running import Course, run_histories

MUTANT = "confirmed without head or cursor"


class Failure(NamedTuple):
    """What a history raised, and its last note."""

    text: str
    note: str


def fail(first: int) -> Failure:
    """Run histories without a rule until one goes wrong."""
    with without(MUTANT), pytest.raises(AssertionError) as raised:
        run_histories(range(first, first + 100), Course(mutant=MUTANT))
    return Failure(str(raised.value), raised.value.__notes__[-1])


def typed(note: str) -> list[str]:
    """Return the arguments of the command in a note."""
    program, *words = shlex.split(note.partition(": ")[2])
    assert (program, *words[:2]) == ("python", "-m", "tests.simulation")
    return words[2:]


def test_the_command_that_a_failure_names_fails_in_the_same_way(capsys: pytest.CaptureFixture[str]):
    failure = fail(first=7)
    with pytest.raises(AssertionError) as again:
        main(typed(failure.note))
    assert str(again.value) == failure.text
    assert "state.begin(" in capsys.readouterr().out


def test_a_failing_history_can_be_made_small(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(AssertionError):
        main([*typed(fail(first=7).note), "--small"])
    assert capsys.readouterr().out.count("state.everything_holds()") < 10


def test_a_history_that_comes_right_says_so(capsys: pytest.CaptureFixture[str]):
    main(["--seed", "23"])
    assert capsys.readouterr().out.endswith("1 came right\n")
