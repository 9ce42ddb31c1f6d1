"""The folders agree: a slice has the same name in the register, in the PWA and in the tests."""

from pathlib import Path

from tests.tidy.tree import list_files, list_folders, text_of

# Folders of the PWA that are no slice: how it looks, what it says, its second thread, its protocol.
PWA_ONLY = {"ui", "text", "worker", "sync", "scan"}
# Folders of the register that are no slice: they know no record of the domain.
MACHINERY = {
    "admission",
    "administration",
    "backups",
    "commands",
    "database",
    "demonstration",
    "facts",
    "gateway",
    "inspection",
    "intake",
    "intake_routes",
    "ledger",
    "metrics",
    "printing",
    "schema",
    "sessions",
    "shell",
    "synthetic",
    "views",
}
FILES_OF_A_SLICE = {"__init__.py", "records.py", "rules.py", "store.py", "routes.py"}
# What a slice holds besides, each with its reason.
MORE_FILES: dict[str, set[str]] = {
    # A decoder runs in a process of its own; files are no rows; parts come and go beside routes.
    "blobs": {"drawing.py", "files.py", "keeping.py", "redrawing.py", "uploading.py"},
    "invitations": {"issuing.py"},  # page and commands give them out alike
    # Page and command take the same steps; HTML has its file; the door counts, which no rule does.
    "setup": {"door.py", "pages.py", "steps.py"},
}


def list_slices() -> list[str]:
    return sorted(list_folders("api") - MACHINERY)


def test_the_machinery_is_no_wider_than_what_exists():
    assert not list_folders("api") or list_folders("api") & MACHINERY


def test_every_slice_of_the_pwa_is_a_slice_of_the_register():
    assert list_folders("pwa/src") - PWA_ONLY - list_folders("api") == set()


def test_every_folder_of_the_register_has_its_tests():
    assert list_folders("api") - list_folders("tests") == set()


def test_the_protocol_and_the_set_up_have_their_tests():
    assert {"sync", "deploy"} <= list_folders("tests")


def test_a_slice_consists_of_the_same_few_modules():
    assert [
        f"{name}: no records" for name in list_slices() if "records.py" not in modules(name)
    ] == []
    strange = {
        name: modules(name) - FILES_OF_A_SLICE - MORE_FILES.get(name, set())
        for name in list_slices()
    }
    assert {name: files for name, files in strange.items() if files} == {}


def modules(name: str) -> set[str]:
    ours = [file for file in list_files() if file.parts[:2] == ("api", name)]
    return {file.name for file in ours if file.suffix == ".py"}


def test_migrations_are_numbered_without_gaps():
    migrations = [file for file in list_files() if file.parent.name == "migrations"]
    numbers = {int(file.name.split("-")[0]) for file in migrations if file.suffix == ".sql"}
    assert numbers == set(range(1, len(numbers) + 1))
    assert bool(numbers) == ("database" in list_folders("api"))


def test_every_migration_says_what_it_is_for():
    migrations = [file for file in list_files() if file.suffix == ".sql"]
    assert [str(file) for file in migrations if not text_of(Path(file)).startswith("-- ")] == []
