"""Nothing grows past what can be read at once; the limits may be lowered, never raised."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.tree import list_python, list_with_suffix, syntax_of, text_of

MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40
TEST_LINES_MAX = 50
PARAMETERS_MAX = 6
NESTING_MAX = 2

Function = ast.FunctionDef | ast.AsyncFunctionDef
# A `with` opens no branch, so it does not count; neither does an `elif`.
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match)


def list_functions() -> Iterator[tuple[Path, Function]]:
    for file in list_python():
        nodes = ast.walk(syntax_of(file))
        yield from ((file, node) for node in nodes if isinstance(node, Function))


def nesting(node: ast.AST, *, is_elif: bool = False) -> int:
    """How deep branches stand in one another below a node, nested functions left out."""
    own = isinstance(node, BRANCHES) and not is_elif
    below = [
        nesting(child, is_elif=continues(node, child))
        for child in ast.iter_child_nodes(node)
        if not isinstance(child, (*Function.__args__, ast.Lambda))
    ]
    return own + max(below, default=0)


def continues(node: ast.AST, child: ast.AST) -> bool:
    """Whether the child is the `elif` of the node."""
    return isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)


def parameters_of(function: Function) -> list[str]:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    rest = [argument for argument in (given.vararg, given.kwarg) if argument]
    return [argument.arg for argument in (*named, *rest) if argument.arg not in {"self", "cls"}]


def test_no_module_is_too_long():
    modules = [*list_python(), *list_with_suffix(".ts", ".tsx", ".css")]
    assert modules
    lengths = {str(file): text_of(file).count("\n") for file in modules}
    assert {file: lines for file, lines in lengths.items() if lines > MODULE_LINES_MAX} == {}


def test_no_function_is_too_long():
    too_long = []
    for file, function in list_functions():
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > (TEST_LINES_MAX if file.parts[0] == "tests" else FUNCTION_LINES_MAX):
            too_long.append(f"{file}:{function.lineno} {function.name}: {lines} lines")
    assert too_long == []


def test_no_function_takes_too_much():
    assert [
        f"{file}:{function.lineno} {function.name}: {', '.join(parameters_of(function))}"
        for file, function in list_functions()
        if len(parameters_of(function)) > PARAMETERS_MAX
    ] == []


def test_no_function_is_nested_too_deeply():
    assert [
        f"{file}:{function.lineno} {function.name}: {nesting(function)} deep"
        for file, function in list_functions()
        if nesting(function) > NESTING_MAX
    ] == []


def test_the_measure_of_nesting_sees_what_a_reader_sees():
    written = """
def f():
    for a in b:
        with c:
            if d:
                e()
            elif g:
                h()
    def inner():
        if i:
            j()
"""
    assert nesting(ast.parse(written).body[0]) == 2
