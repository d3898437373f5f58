"""Which language sentences are in, and that every one of them passes gettext."""

import plistlib
import struct
import sys
from pathlib import Path

import pytest

from app.bootstrap import catalogue
from app.core.pseudo import pseudo
from app.core.words import Sentence
from app.integrations.registry import KINDS
from app.services import system_languages
from app.services.languages import VARIABLE, languages, translator
from app.services.resources import resource_places

GERMAN = {
    "": "Content-Type: text/plain; charset=UTF-8\n",
    "Waiting for its turn": "Wartet, bis es dran ist",
}


def translate_into(folder: Path, language: str, texts: dict[str, str]) -> None:
    """A compiled translation, as gettext's own tools write it."""
    pairs = sorted((a.encode(), b.encode()) for a, b in texts.items())
    at = 28 + 16 * len(pairs)
    tables, data = [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), at + len(data))
            data += pair[side] + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    file = folder / language / "LC_MESSAGES" / "backhaul.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(struct.pack("<7I", *head) + tables[0] + tables[1] + data)


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"LANG": "de_AT.UTF-8"}, "Wartet, bis es dran ist"),
        ({"LANGUAGE": "fr:de", "LANG": "C"}, "Wartet, bis es dran ist"),
        ({"LANG": "fr_FR.UTF-8"}, "Waiting for its turn"),
        ({"LANG": "fr_FR.UTF-8", VARIABLE: "de"}, "Wartet, bis es dran ist"),
        ({"LANG": "de_DE.UTF-8", VARIABLE: "en"}, "Waiting for its turn"),
        ({"LANG": "de_DE.UTF-8", VARIABLE: "pseudo"}, pseudo("Waiting for its turn")),
    ],
)
def test_sentences_are_in_the_language_of_the_desktop(
    tmp_path: Path, environment: dict[str, str], text: str
) -> None:
    translate_into(tmp_path, "de", GERMAN)
    translate = translator(environment, tmp_path)
    assert translate("Waiting for its turn") == text
    assert translate("") == "", "gettext answers with the head of the file"


def test_without_any_translation_sentences_are_as_they_were_written(tmp_path: Path) -> None:
    assert translator({"LANG": "de"}, tmp_path)("Done") == "Done"
    assert translator({"LANG": "de"})("Done") == "Done"


def test_translations_lie_where_the_package_puts_what_is_not_code() -> None:
    assert resource_places("icons")[0].is_dir()
    assert resource_places("locale")[0].parent == resource_places("icons")[0].parent


def test_a_mac_says_its_languages_in_its_preferences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".GlobalPreferences.plist"
    file.write_bytes(plistlib.dumps({"AppleLanguages": ["de-AT", "en"]}))
    assert system_languages.of_preferences(file) == ["de_AT", "en"]
    assert system_languages.of_preferences(tmp_path / "none") == []
    file.write_bytes(b"bplist00 no")
    assert system_languages.of_preferences(file) == []


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there the system says it")
def test_an_environment_without_a_language_is_english() -> None:
    assert languages({}) == []


def every_sentence() -> dict[str, Sentence]:
    return dict(catalogue()._sentences)


@pytest.mark.parametrize("code", sorted(every_sentence()))
def test_every_sentence_of_the_program_passes_it(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "pseudo")
    sentence, said = every_sentence()[code], catalogue().say(code)
    for given, shown in (
        (sentence.summary, said.summary),
        (sentence.hint, said.hint),
        (sentence.who.value, said.who),
    ):
        filled = pseudo(given)
        for field in {part.partition("}")[0] for part in filled.split("{")[1:]}:
            filled = filled.replace(f"{{{field}}}", "?")
        assert shown == filled


def test_those_of_every_system_are_among_them() -> None:
    ours = set(every_sentence())
    for kind in KINDS.values():
        assert set(kind.sentences) <= ours
