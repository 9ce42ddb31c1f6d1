"""The table of access is the one that was agreed: changing a row changes a test."""

import json

import pytest

from api.access import DOCUMENTS, OPERATION_SCOPES, OPERATIONS, PUBLIC, SCOPES, Right, check_scopes
from api.intake.kinds import KINDS
from tests.access.people import MATRIX, ROLES
from tests.schema.generate import ROOT


def test_public_operations_are_frozen():
    assert sorted(PUBLIC) == MATRIX["public"]


def test_who_may_call_what_is_frozen():
    assert {name: sorted(roles) for name, roles in OPERATIONS.items()} == MATRIX["operations"]


def test_what_a_program_needs_is_frozen():
    assert {name: [*scopes] for name, scopes in OPERATION_SCOPES.items()} == MATRIX["scopes"]
    assert {scope for scopes in MATRIX["scopes"].values() for scope in scopes} == SCOPES


def test_whatever_a_program_may_call_says_which_scope_it_needs():
    called = {name for name, roles in OPERATIONS.items() if "client" in roles}
    assert called == set(OPERATION_SCOPES)
    with pytest.raises(LookupError, match=r"sync\.pull"):
        check_scopes({"sync.pull": ("client",), "review.read": ("officer",)}, {})


def test_no_operation_is_both_public_and_not():
    assert PUBLIC.isdisjoint(OPERATIONS)


def test_only_these_roles_write_these_kinds():
    written = {
        kind: sorted({right.role for right in rights} - {"register"})
        for kind, rights in DOCUMENTS.items()
    }
    agreed = {kind: sorted(authors) for kind, authors in MATRIX["documents"].items()}
    assert written == {**agreed, "account": ["owner"]}
    assert set(DOCUMENTS) == set(KINDS)


def test_the_rights_of_authors_are_frozen():
    assert {kind: sorted(map(write, rights)) for kind, rights in DOCUMENTS.items()} == MATRIX[
        "rights"
    ]


def write(right: Right) -> str:
    active = "active" if right.active_only else None
    return " ".join(part for part in (right.role, right.bond, right.scope, active) if part)


def test_every_operation_of_the_interface_stands_in_the_table():
    document = json.loads((ROOT / "api" / "schema" / "openapi.json").read_text())
    operations = {
        operation["x-sangkat-operation"]
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    assert operations <= {*MATRIX["operations"], *MATRIX["public"]}


def test_every_role_is_somebody():
    assert {role for roles in MATRIX["operations"].values() for role in roles} == set(ROLES)
