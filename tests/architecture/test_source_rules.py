"""Rules of the house that a linter does not know, each with a planted violation it must catch."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.architecture.source import Module, modules, planted

Rule = Callable[[Module], Iterator[str]]
LOADERS = ("pickle.load", "pickle.loads", "joblib.load", "yaml.load", "marshal.loads")
EVERYWHERE = (
    "app",
    "skills",
    "matching",
    "courses",
    "config.py",
    "deploy",
    "scripts",
    "migrations",
)


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with its dotted name as written."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def no_pickle(module: Module) -> Iterator[str]:
    """Unpickling a file runs whatever its author wrote."""
    for name, node in calls(module):
        if name in LOADERS and not (name == "yaml.load" and _loads_plain_values(node)):
            yield f"{module.path}:{node.lineno} {name}"


def _loads_plain_values(call: ast.Call) -> bool:
    loader = next((ast.unparse(k.value) for k in call.keywords if k.arg == "Loader"), "Loader")
    return loader.split(".")[-1] not in ("Loader", "FullLoader", "UnsafeLoader")


def no_shell(module: Module) -> Iterator[str]:
    """A shell turns data into commands."""
    for name, node in calls(module):
        shell = any(
            keyword.arg == "shell" and getattr(keyword.value, "value", None) is not False
            for keyword in node.keywords
        )
        if shell or name in ("os.system", "os.popen", "eval", "exec"):
            yield f"{module.path}:{node.lineno} {name}"


def one_clock(module: Module) -> Iterator[str]:
    """Tests and replays can only set one clock."""
    if module.path == "app/core/clock.py":
        return
    for name, node in calls(module):
        if re.fullmatch(r"((datetime\.)?(datetime|date)\.)(now|today|utcnow)", name):
            yield f"{module.path}:{node.lineno} {name}"


def no_silent_except(module: Module) -> Iterator[str]:
    """A swallowed error comes back as a wrong figure."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            catches_all = node.type is None or ast.unparse(node.type) == "BaseException"
            ends_here = not any(isinstance(part, ast.Raise) for part in ast.walk(node))
            does_nothing = all(isinstance(line, ast.Pass) for line in node.body)
            if does_nothing or (catches_all and ends_here):
                yield f"{module.path}:{node.lineno}"


def services_never_commit(module: Module) -> Iterator[str]:
    """Data and audit rows are committed together, by `transaction()` alone."""
    if module.path.startswith("app/"):
        return
    for name, node in calls(module):
        if re.search(r"session\.(commit|rollback)$", name):
            yield f"{module.path}:{node.lineno} {name}"


def views_have_no_sql(module: Module) -> Iterator[str]:
    """A view asks queries and services; its `session` goes to them as an argument."""
    if not module.path.startswith("app/web/"):
        return
    for name, node in calls(module):
        if re.search(r"\bsession(\(\))?\.(scalars?|execute|query|get|add|delete)$", name):
            # The cookie of Flask has the same name; only it has `get` with a key that is text.
            if name == "session.get" and isinstance(node.args[0], ast.Constant):
                continue
            yield f"{module.path}:{node.lineno} {name}"


def pure_rules(module: Module) -> Iterator[str]:
    """Rules and engine give the same answer to the same input, whenever and wherever."""
    if not module.is_pure:
        return
    roots = {name.split(".")[0] for name in module.imports()}
    yield from (
        f"{module.path} imports {name}"
        for name in sorted(roots & {"sqlalchemy", "flask", "os", "pathlib", "socket", "requests"})
    )
    yield from (
        f"{module.path} imports {name}"
        for name in sorted(module.imports())
        if re.match(
            r"app\.core\.(clock|db|files|jobs|audit)\b|.+\.(models|queries|services)\b", name
        )
    )
    yield from (
        f"{module.path}:{node.lineno} {name}"
        for name, node in calls(module)
        if name == "open" or name.endswith((".read_text", ".write_text"))
    )


def one_pdf_module(module: Module) -> Iterator[str]:
    """One place keeps the renderer from reading files and opening connections."""
    if module.path != "app/core/pdf.py" and "weasyprint" in {
        name.split(".")[0] for name in module.imports()
    }:
        yield module.path


def banned_name(module: Module) -> Iterator[str]:
    """A module is named by its subject."""
    if re.search(r"(^|[/_])(utils?|helpers?|misc)(\.py|/|_)", module.path):
        yield module.path


def public_functions_say_what_they_do(module: Module) -> Iterator[str]:
    """Services, queries, rules and engine are read by their first line."""
    parts = set(module.path.removesuffix(".py").split("/"))
    if not parts & {"services", "queries", "rules", "scoring", "engine"}:
        return
    for node in _public(module.tree.body):
        decorators = map(ast.unparse, node.decorator_list)
        if not ast.get_docstring(node) and not any(d.endswith(".setter") for d in decorators):
            yield f"{module.path}:{node.lineno} {node.name}"


def _public(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def everything_is_typed(module: Module) -> Iterator[str]:
    """The type checker only reads what is declared."""
    yield from (
        f"{module.path}:{node.lineno} {node.name}"
        for node in module.functions()
        if node.returns is None
    )


def violations(rule: Rule, found: Iterable[Module]) -> list[str]:
    """Return what the rule complains about."""
    return [complaint for module in found for complaint in rule(module)]


CONTROLS: tuple[tuple[Rule, str, str], ...] = (
    (no_pickle, "skills/a.py", "import pickle\npickle.load(open('x'))"),
    (no_pickle, "skills/a.py", "import yaml\nyaml.load(x, Loader=yaml.Loader)"),
    (no_shell, "skills/a.py", "import subprocess\nsubprocess.run('ls', shell=True)"),
    (no_shell, "skills/a.py", "import os\nos.system('ls')"),
    (one_clock, "skills/a.py", "from datetime import datetime\ndatetime.now()"),
    (one_clock, "skills/a.py", "from datetime import date\ndate.today()"),
    (no_silent_except, "skills/a.py", "try:\n    f()\nexcept ValueError:\n    pass"),
    (no_silent_except, "skills/a.py", "try:\n    f()\nexcept:\n    g()"),
    (services_never_commit, "skills/services/a.py", "def f(session):\n    session.commit()"),
    (views_have_no_sql, "app/web/a/routes.py", "db.session.scalars(x)"),
    (views_have_no_sql, "app/web/a/routes.py", "db.session().get(Thing, 1)"),
    (pure_rules, "skills/rules.py", "from app.core import clock"),
    (pure_rules, "matching/engine/a.py", "open('x')"),
    (pure_rules, "matching/scoring.py", "from sqlalchemy import select"),
    (one_pdf_module, "courses/certificates/a.py", "def f():\n    from weasyprint import HTML"),
    (banned_name, "skills/utils.py", ""),
    (public_functions_say_what_they_do, "skills/services/a.py", "def f() -> None: ..."),
    (everything_is_typed, "skills/a.py", "def f(): ..."),
)
RULES = tuple(dict.fromkeys(rule for rule, _path, _text in CONTROLS))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule(rule: Rule) -> None:
    assert violations(rule, modules(*EVERYWHERE)) == [], rule.__doc__


@pytest.mark.parametrize(
    "control", CONTROLS, ids=lambda control: f"{control[0].__name__}-{control[1]}"
)
def test_a_planted_violation_is_caught(control: tuple[Rule, str, str]) -> None:
    rule, path, text = control

    assert violations(rule, [planted(text, path)])
