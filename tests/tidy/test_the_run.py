"""The run of all checks: a check that fails or hangs stops it and says how to repeat it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.steps import Stopped
from tests import running
from tests.checks import APART, CHECKS, Check, chosen
from tests.running import count_of, find_closing_line, run_all
from tests.tidy.tree import ROOT, list_folders


def a_check(script: str, *, name: str = "sample", subject: str = "tests") -> Check:
    return Check(name, subject, [sys.executable, "-c", script])


def run_samples(checks: Sequence[Check], *, seconds_max: int = 30) -> int:
    return run_all(checks, node_folder=None, seconds_max=seconds_max)


def test_a_failing_check_stops_the_run_with_its_output(capsys: pytest.CaptureFixture[str]):
    failing = a_check("print('what went wrong'); raise SystemExit(3)")
    after = a_check("print('7 passed')", name="never reached")
    with pytest.raises(Stopped, match=r"To repeat it: .*SystemExit") as stop:
        run_samples([failing, after])
    assert stop.value.exit_code == 1
    said = capsys.readouterr().out
    assert "what went wrong" in said
    assert "never reached" not in said


def test_a_hanging_check_is_ended_and_is_a_failure(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(Stopped):
        run_samples([a_check("import time; time.sleep(600)")], seconds_max=1)
    assert "hangs" in capsys.readouterr().out


def test_what_tests_write_lies_in_memory_where_there_is_room_unless_a_disk_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running, "MEMORY", tmp_path)
    looking = a_check("import tempfile; print('1 passed in', tempfile.gettempdir())")
    monkeypatch.setattr(running, "MEMORY_BYTES_MIN", 0)
    run_samples([looking])
    assert str(tmp_path) in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    run_samples([looking._replace(is_on_disk=True)])
    monkeypatch.setattr(running, "MEMORY_BYTES_MIN", sys.maxsize)
    run_samples([looking])
    assert str(tmp_path) not in capsys.readouterr().out


def test_a_check_that_skips_a_test_is_a_failure(capsys: pytest.CaptureFixture[str]):
    for closing_line in ("7 passed, 1 skipped in 1s", "Tests  5 passed | 1 todo (6)"):
        with pytest.raises(Stopped):
            run_samples([a_check(f"print('{closing_line}')")])
    assert "ok" not in capsys.readouterr().out


def test_the_tests_of_all_runners_are_counted(capsys: pytest.CaptureFixture[str]):
    passing = [a_check("print('== 7 passed in 1s ==')"), a_check("print('Tests  5 passed (5)')")]
    assert run_samples([*passing, a_check("")]) == 7 + 5
    assert "7 passed in 1s" in capsys.readouterr().out


def test_a_check_is_left_out_while_its_subject_does_not_exist():
    missing = a_check("raise SystemExit(1)", subject="no/such/folder")
    assert run_samples([missing, a_check("print('1 passed')")]) == 1
    with pytest.raises(Stopped):
        run_samples([missing])


def test_the_closing_line_is_the_last_and_without_colour():
    said = "1 passed\n\x1b[32m===== 23 passed, 1 warning in 2.00s =====\x1b[0m\nbye"
    assert find_closing_line(said) == "23 passed, 1 warning in 2.00s"
    assert count_of(find_closing_line(said)) == 23
    assert count_of(find_closing_line("nothing")) == 0


def test_by_day_the_nightly_tests_are_left_out():
    assert all("not nightly" in check.command for check in pytest_checks(nightly=False))
    assert not any("not nightly" in check.command for check in pytest_checks(nightly=True))


def test_every_folder_of_tests_belongs_to_a_check():
    apart = {check.subject for check in pytest_checks(nightly=True)} | {"tests/benchmarks"}
    assert apart == {*APART, "tests"}
    assert "tidy" in list_folders("tests")
    assert {check.name for check in chosen(CHECKS, only="tidy", nightly=False)} == {"tidy"}


def test_every_check_of_python_runs_from_the_environment():
    for check in CHECKS:
        assert check.command[0].startswith((".venv/bin/", "node_modules/.bin/")), check.name
        assert (ROOT / check.folder / check.command[0]).exists(), check.name


def pytest_checks(*, nightly: bool) -> list[Check]:
    return [check for check in chosen(CHECKS, only=None, nightly=nightly) if is_pytest(check)]


def is_pytest(check: Check) -> bool:
    return "pytest" in check.command
