"""Which Node builds the PWA, and that the locked one can stand in."""

import subprocess

import pytest

from deploy.node import FOR_BUILDING, FOR_CHECKING, fits, locked_node, version_of


@pytest.mark.parametrize(
    ("version", "builds", "checks"),
    [
        ((0, 0), False, False),
        ((18, 20), False, False),
        ((20, 18), False, False),
        ((20, 19), True, False),
        ((21, 7), False, False),
        ((22, 11), False, False),
        ((22, 12), True, False),
        ((22, 19), True, True),
        ((24, 0), True, True),
    ],
)
def test_a_node_is_used_only_where_vite_and_vitest_run_on_it(
    version: tuple[int, int], builds: bool, checks: bool
):
    assert (fits(version, FOR_BUILDING), fits(version, FOR_CHECKING)) == (builds, checks)


def test_the_locked_node_fits_both_and_brings_npm():
    node = locked_node()
    version = version_of(str(node.folder / "node"))
    assert fits(version, FOR_BUILDING)
    assert fits(version, FOR_CHECKING)
    said = subprocess.run([*node.npm, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout[0].isdigit()
