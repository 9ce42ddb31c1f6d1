"""A step is done again when its content changed, and only then."""

from pathlib import Path

from deploy import stamps


def test_a_step_that_was_never_done_is_due(tmp_path: Path):
    assert not stamps.is_current(tmp_path / "stamp", stamps.digest([]))


def test_a_step_is_done_once(tmp_path: Path):
    source = tmp_path / "source"
    source.write_text("a")
    stamps.record(tmp_path / "stamps" / "x", stamps.digest([source], "fact"))
    assert stamps.is_current(tmp_path / "stamps" / "x", stamps.digest([source], "fact"))


def test_another_content_name_or_fact_makes_a_step_due(tmp_path: Path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("a")
    before = stamps.digest([one], "fact")
    assert stamps.digest([two], "fact") != before
    assert stamps.digest([one], "another") != before
    one.write_text("b")
    assert stamps.digest([one], "fact") != before


def test_what_tools_leave_behind_is_no_source(tmp_path: Path):
    for name in ("src/main.ts", "dist/index.html", "node_modules/a/index.js"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")
    assert list(stamps.list_sources(tmp_path)) == [tmp_path / "src" / "main.ts"]
