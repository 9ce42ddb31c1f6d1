"""The names for tests that the app's README lists are those that the app gives."""

import re

from tests.tidy.tree import ROOT

README = ROOT / "pwa" / "README.md"
SOURCE = "".join(
    file.read_text(encoding="utf-8") for file in sorted((ROOT / "pwa" / "src").rglob("*.tsx"))
)
# Words between backticks that are no names: attributes, and people whose fields are named alike.
NO_NAME = re.compile(r"data-|(operator|manager)$")


def list_names() -> list[str]:
    section = README.read_text(encoding="utf-8").split("## Names for tests")[1]
    screens = section.split("By screen,")[1]
    return [name for name in re.findall(r"`([^`]+)`", screens) if not NO_NAME.match(name)]


def is_given(name: str) -> bool:
    """Whether some element carries the name, or a template that makes it."""
    stem = re.sub(r"-(N|CODE)$", "-${", name)
    if any(f"{mark}{stem}" in SOURCE for mark in ('"', "`")):
        return True
    field = name.removeprefix("field-").split("-")[0]
    part = field.rsplit(".", 1)[-1]
    written = (
        f'name="{field}"',
        f'"field-{field}"',
        f"name={{`${{name}}.{part}`",
        f"name={{`${{party}}.{part}`",
    )
    return any(one in SOURCE for one in written)


def test_there_are_names():
    assert len(list_names()) > 100


def test_every_name_is_given_by_the_app():
    assert [name for name in list_names() if not is_given(name)] == []


def test_a_name_that_nobody_gives_is_found():
    assert not is_given("field-nothing")
    assert not is_given("nothing-new")
