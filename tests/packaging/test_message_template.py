"""The list for translators holds every sentence that the program can translate."""

import ast
import gettext
import re
import shutil
import subprocess
from pathlib import Path

import message_template
import pytest

from app.bootstrap import catalogue
from app.core.words import Catalogue


def test_every_template_in_the_services_can_be_followed_to_its_text() -> None:
    found = list(message_template.of_services())
    assert [place for place, text in found if text is None] == []
    texts = {text for _, text in found}
    assert {"Sending to {name}", "{count} wait", "Void label", "Done"} <= texts


def test_a_name_is_followed_into_the_module_it_comes_from() -> None:
    source = """
from app.services.languages import DOMAIN as MINE
def say(self) -> str:
    return self.words.text(MINE)
"""
    tree = ast.parse(source)
    scope = tree.body[1]
    assert isinstance(scope, ast.FunctionDef)
    found = list(message_template._of_function(scope, tree, "x.py"))
    assert found == [("x.py:4", "backhaul")]


def test_the_list_holds_what_the_program_asks_for() -> None:
    listed = {ast.literal_eval(one) for one in re.findall(r'^msgid (".+")$', template(), re.M)}
    asked: set[str] = set()

    def note(text: str) -> str:
        asked.add(text)
        return text

    told = Catalogue(catalogue()._sentences, translate=note)
    for code in told.codes():
        told.say(code)
    assert len(asked) > 300
    assert asked - {""} <= listed


def template() -> str:
    return message_template.template()


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext's own tools are not here")
def test_gettexts_own_tools_take_it(tmp_path: Path) -> None:
    source, made = tmp_path / "de.po", tmp_path / "de" / "LC_MESSAGES" / "backhaul.mo"
    made.parent.mkdir(parents=True)
    asked = 'msgid "Done"\nmsgstr ""'
    assert asked in template()
    source.write_text(template().replace(asked, 'msgid "Done"\nmsgstr "Fertig"'), "utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", made, source], check=True)
    assert gettext.translation("backhaul", tmp_path, ["de"]).gettext("Done") == "Fertig"
