"""What is written from the Structs and routes is as they are now."""

import tomllib

from api.schema.document import VERSION
from tests.schema.generate import ROOT, list_generated


def test_every_generated_file_is_fresh():
    stale = [
        str(path.relative_to(ROOT))
        for path, text in list_generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: python -m tests.schema.generate"


def test_what_is_generated_is_the_same_every_time():
    assert list_generated() == list_generated()


def test_the_interface_has_the_version_of_the_program():
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == VERSION
