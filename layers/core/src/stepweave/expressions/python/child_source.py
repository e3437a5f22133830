"""Makes a code node's source into a function: `return` is allowed at its top, and names bound there are global.

So helper functions, `global` and classes mean what they mean in a script. `{**item.json, "more": 1}` becomes a call
that keeps which item it was made of (`child_names.Record`).
"""

import ast
from types import CodeType, TracebackType

FILE = "<code>"
MAIN, MERGED = "__stepweave_main__", "__stepweave_merged__"
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def compiled(code: str) -> CodeType:
    """Return a module that defines the function `MAIN`. Raises SyntaxError, ValueError, RecursionError or
    MemoryError."""
    tree = ast.parse(code, FILE)
    body: list[ast.stmt] = []
    first: list[ast.stmt] = []
    for statement in tree.body:
        is_module_level = isinstance(statement, ast.ImportFrom) and (
            statement.module == "__future__" or statement.names[0].name == "*"
        )
        (first if is_module_level else body).append(statement)
    top = _Top()
    body = [made for statement in body for made in _as_list(top.visit(statement))] or [ast.Pass(lineno=1, col_offset=0)]
    merging = _Merging()
    body = [merging.visit(statement) for statement in body]
    if top.bound:
        body.insert(0, ast.Global(names=sorted(top.bound), lineno=1, col_offset=0))
    arguments = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    made = ast.parse(f"def {MAIN}(): pass", FILE)
    function = made.body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101  # it was parsed from one
    function.args, function.body = arguments, body
    made.body = [*first, function]
    return compile(ast.fix_missing_locations(made), FILE, "exec", dont_inherit=True)


def place_of(trace: "TracebackType | None", code: str) -> "tuple[int | None, int | None]":
    """Return the line and column, from 1, of the innermost place in the source that a traceback goes through."""
    line = column = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line, column = _position(trace, code)
        trace = trace.tb_next
    return line, column


def _position(trace: TracebackType, code: str) -> "tuple[int | None, int | None]":
    for at, (line, _, column, _) in enumerate(trace.tb_frame.f_code.co_positions()):
        if at == trace.tb_lasti // 2 and line is not None:
            lines = code.split("\n")
            if column is None or line > len(lines):
                return line, None
            # Python counts columns in UTF-8 bytes.
            before = lines[line - 1].encode("utf-8", "surrogatepass")[:column]
            return line, len(before.decode("utf-8", "ignore")) + 1
    return trace.tb_lineno, None


def _as_list(made: "ast.AST | list[ast.stmt] | None") -> "list[ast.stmt]":
    return made if isinstance(made, list) else [made] if isinstance(made, ast.stmt) else []


class _Top(ast.NodeTransformer):
    """Finds the names that are bound at the top, and takes what a function may not say of a global name."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self._depth = 0

    def visit(self, node: ast.AST) -> ast.AST:
        """Go into everything but functions and classes, which have scopes of their own."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bind(node.name)
        if isinstance(node, _NESTED):
            return node
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            self.bound |= {
                each.target.id
                for each in ast.walk(node)
                if isinstance(each, ast.NamedExpr) and isinstance(each.target, ast.Name)
            }
            return node
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            self._bind(node.id)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self._bind(alias.asname or alias.name.split(".")[0])
        if isinstance(node, ast.ExceptHandler):
            self._bind(node.name)
        if isinstance(node, (ast.MatchAs, ast.MatchStar)):
            self._bind(node.name)
        if isinstance(node, ast.MatchMapping):
            self._bind(node.rest)
        if isinstance(node, ast.Global):
            return ast.copy_location(ast.Pass(), node)
        made: ast.AST = self.generic_visit(node)
        if isinstance(made, ast.AnnAssign) and isinstance(made.target, ast.Name):
            plain = ast.Pass() if made.value is None else ast.Assign(targets=[made.target], value=made.value)
            return ast.copy_location(plain, node)
        return made

    def _bind(self, name: "str | None") -> None:
        if name is not None and name != "*":
            self.bound.add(name)


class _Merging(ast.NodeTransformer):
    """Turns `{**a, "b": 1}` into a call of `MERGED` with pairs; a pair whose key is missing is spread."""

    def visit_Dict(self, node: ast.Dict) -> ast.AST:  # ast's name
        self.generic_visit(node)
        if all(key is not None for key in node.keys):
            return node
        pairs = [
            ast.Tuple(elts=[value] if key is None else [key, value], ctx=ast.Load())
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        call = ast.Call(func=ast.Name(id=MERGED, ctx=ast.Load()), args=list(pairs), keywords=[])
        return ast.fix_missing_locations(ast.copy_location(call, node))
