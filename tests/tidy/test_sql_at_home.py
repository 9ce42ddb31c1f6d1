"""SQL stands only in the store of a slice, in the outbox and beside the engines."""

import ast
import re
from pathlib import Path

import pytest

from tests.tidy.tree import list_python, syntax_of

SQL = re.compile(
    r"\s*(SELECT|INSERT (OR \w+ )?INTO|UPDATE \w+\s+SET|DELETE FROM|REPLACE INTO|WITH \w+ AS"
    r"|CREATE (UNIQUE |VIRTUAL |TEMP )?(TABLE|INDEX|TRIGGER|VIEW)|ALTER TABLE|DROP (TABLE|INDEX)"
    r"|PRAGMA|BEGIN( IMMEDIATE| DEFERRED)?|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|VACUUM)(\s|;|$)",
    re.DOTALL,
)

# The gazetteer is a file; views are put together from what the ledger reads.
NO_SQL = {Path("api/places/store.py"), Path("api/views/store.py")}


def is_home(file: Path) -> bool:
    return is_store(file) or file.parts[:2] == ("api", "database")


def is_store(file: Path) -> bool:
    """The ledger has several stores; each says so in its name."""
    return file.name in {"store.py", "outbox.py"} or file.name.endswith("_store.py")


def sql_in(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]


def test_sql_stands_only_at_home():
    astray = [
        f"{file}:{line}"
        for file in list_python("api", "sync", "deploy")
        if not is_home(file)
        for line in sql_in(syntax_of(file))
    ]
    assert astray == []


def test_every_home_of_sql_holds_some():
    stores = [file for file in list_python("api", "sync") if is_store(file) and file not in NO_SQL]
    assert [str(file) for file in stores if not sql_in(syntax_of(file))] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "\n    INSERT INTO entries (log)",
        "WITH open AS (SELECT 1)\nSELECT 2",
        "UPDATE stays\n SET unit",
        "CREATE UNIQUE INDEX i",
        "BEGIN IMMEDIATE",
        "PRAGMA user_version",
    ],
)
def test_a_statement_is_seen(statement: str):
    assert sql_in(ast.parse(f"x = {statement!r}")) == [1]


@pytest.mark.parametrize("sentence", ["Select a stay.", "SELECTED", "with open", "UPDATE", "begin"])
def test_a_sentence_is_no_statement(sentence: str):
    assert sql_in(ast.parse(f"x = {sentence!r}")) == []
