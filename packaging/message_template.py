"""Every sentence that can be translated, as a template for translators (gettext's .pot).

    python3 packaging/message_template.py > backhaul.pot

A translation goes to `resources/locale/LANGUAGE/LC_MESSAGES/backhaul.mo` (made with `msgfmt`).
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_MAKERS = {"text": 0, "_plain": 1, "_said": 1}
"""Methods that translate a template, and which of their arguments it is."""

Found = tuple[str, str | None]
"""A place in the source and a template; None: it cannot be followed to a text there."""


def of_catalogue() -> Iterator[Found]:
    """The sentences of codes, and who must act."""
    from app.bootstrap import catalogue  # noqa: PLC0415 - the path is set by whoever calls
    from app.core.words import Who  # noqa: PLC0415 - likewise

    for code, sentence in sorted(catalogue()._sentences.items()):
        yield from ((code, text) for text in (sentence.summary, sentence.hint) if text)
    yield from (("who must act", who.value) for who in Who)


def of_services() -> Iterator[Found]:
    """Templates of sentences that are no errors."""
    for path in sorted((ROOT / "app" / "services").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in ast.walk(tree):
            if isinstance(scope, ast.FunctionDef) and scope.name not in _MAKERS:
                yield from _of_function(scope, tree, path.relative_to(ROOT).as_posix())


def _of_function(scope: ast.FunctionDef, tree: ast.Module, name: str) -> Iterator[Found]:
    for call in ast.walk(scope):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        place = _MAKERS.get(call.func.attr)
        if place is not None and len(call.args) > place:
            texts: list[str | None] = [*_texts(call.args[place], (scope, tree))]
            yield from ((f"{name}:{call.lineno}", text) for text in texts or [None])


def _texts(value: ast.expr, where: tuple[ast.AST, ...]) -> Iterator[str]:
    """What an expression may give; a name is followed to what is assigned to it,
    also in another module of ours."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body, where)
        yield from _texts(value.orelse, where)
    elif isinstance(value, ast.Subscript):
        yield from _texts(value.value, where)
    elif isinstance(value, ast.Dict):
        for one in value.values:
            yield from _texts(one, where)
    elif isinstance(value, ast.Attribute) and ast.unparse(value).startswith("Who."):
        from app.core.words import Who  # noqa: PLC0415 - the path is set by whoever calls

        yield Who[ast.unparse(value).split(".")[1]].value
    elif isinstance(value, ast.Name):
        for scope in where:
            yield from _assigned(value.id, scope, where)


def _assigned(name: str, scope: ast.AST, where: tuple[ast.AST, ...]) -> Iterator[str]:
    body = scope.body if isinstance(scope, ast.Module) else list(ast.walk(scope))
    for one in body:
        targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if named and isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None:
            yield from _texts(one.value, where)
        elif isinstance(one, ast.ImportFrom):
            yield from _imported(name, one)


def _imported(name: str, line: ast.ImportFrom) -> Iterator[str]:
    """What the name is in the module of ours that it comes from."""
    path = ROOT.joinpath(*(line.module or "").split(".")).with_suffix(".py")
    for alias in line.names:
        if (alias.asname or alias.name) == name and path.is_file():
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from _assigned(alias.name, tree, (tree,))


def template() -> str:
    """The whole file; each text once, with the places it stands at."""
    places: dict[str, list[str]] = {}
    for place, text in (*of_catalogue(), *of_services()):
        if text:
            places.setdefault(text, []).append(place)
    parts = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
    for text, at in places.items():
        msgid = json.dumps(text, ensure_ascii=False)
        parts.append(f'#. {", ".join(dict.fromkeys(at))}\nmsgid {msgid}\nmsgstr ""\n')
    return "\n".join(parts)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    print(template())
