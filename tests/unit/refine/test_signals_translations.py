"""Direct evidence of machine translation, and nothing that is only a guess."""

# Phrases in several scripts hold characters that look like others.
# ruff: noqa: RUF001

import pytest

from goldsmith.kit.arrow import make_batch, with_columns
from goldsmith.refine.stages.translation_traces import TranslationTraces
from goldsmith.refine.translations import traces_of

CHROME = '<p><font style="vertical-align: inherit;"><font style="vertical-align: inherit;">Hallo</font></font></p>'


@pytest.mark.parametrize(
    ("text", "kind", "name", "quote"),
    [
        (CHROME, "engine", "google-translate", CHROME[3:47]),
        (
            '<html lang="de" class="js translated-ltr"><p>x',
            "engine",
            "google-translate",
            '<html lang="de" class="js translated-ltr',
        ),
        ('<p _msttexthash="46319" _msthash="1">x', "engine", "microsoft-translator", '_msttexthash="46319'),
        ('<script src="https://cdn.weglot.com/weglot.min.js">', "plugin", "weglot", "cdn.weglot.com"),
        ('<meta name="generator" content="WPML ver:4.6.3 stt:1,4;">', "plugin", "wpml", None),
        ("A. Translated with www.DeepL.com/Translator", "credit", "credit", "Translated with www.DeepL"),
        ("This article was machine-translated.", "credit", "credit", "This article was machine-translated"),
        ("Diese Seite wurde automatisch übersetzt.", "credit", "credit", "Seite wurde automatisch übersetzt"),
        ("Ce texte a été traduit automatiquement.", "credit", "credit", "texte a été traduit automatiquement"),
        ("Este artículo ha sido traducido automáticamente", "credit", "credit", None),
        ("Статья переведена автоматически.", "credit", "credit", "Статья переведена автоматически"),
        ("本文由机器翻译，仅供参考。", "credit", "credit", "本文由机器翻译"),
        ("この記事は機械翻訳されたものです。", "credit", "credit", "この記事は機械翻訳"),
        ("이 문서는 자동 번역되었습니다.", "credit", "credit", "이 문서는 자동 번역"),
    ],
)
def test_a_trace_is_found_with_its_place(text: str, kind: str, name: str, quote: str | None):
    (trace,) = traces_of(text)

    assert (trace.kind, trace.name) == (kind, name)
    assert text[trace.start : trace.end] == trace.quote
    assert quote in (None, trace.quote)


@pytest.mark.parametrize(
    "text",
    [
        "Machine translation has become much better, and many texts are translated every day.",
        "The book was translated by Anna Meyer. Addresses are automatically translated by the router.",
        "Die Übersetzung stammt von Anna Meyer; der Roman wurde 1920 übersetzt.",
        '<p style="vertical-align: inherit"><font color="red">x</font></p>',
        "机器翻译是自然语言处理的一个分支。",
        "機械翻訳の歴史は長い。",
    ],
)
def test_what_is_about_translation_is_no_trace(text: str):
    assert traces_of(text) == []


def test_traces_are_named_and_only_the_chosen_kinds_drop():
    texts = [CHROME, "Translated by Google", "plain"]
    batch = make_batch({"text": texts}, {"text": "text"})
    stage = TranslationTraces(drop=("credit",))
    columns = stage.annotate(batch)
    (rule,) = stage.rules()

    verdicts = rule.verdicts(with_columns(batch, columns, stage.columns))

    assert columns["translation_kinds"] == ['["engine"]', '["credit"]', None]
    assert [verdict and verdict.reason for verdict in verdicts] == [
        None,
        "the text says that it was translated by a machine: 'Translated by Google'",
        None,
    ]
    assert TranslationTraces().rules() == ()
    assert list(stage.spans_of(rule.name, texts[1], {name: values[1] for name, values in columns.items()})) == [(0, 20)]
