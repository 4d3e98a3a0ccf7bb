"""Lines of boilerplate: what is taken out of texts in fourteen languages, what is left, and how it is put back."""

# Texts in several languages hold letters that look like others.
# ruff: noqa: RUF001

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from resiliparse.extract.html2text import extract_plain_text  # pyright: ignore[reportMissingModuleSource]

from benchmarks.extracting.marked import load
from goldsmith.kit.arrow import make_batch
from goldsmith.refine.repairing.edits import Change, undo
from goldsmith.refine.stages.boilerplate_lines import BoilerplateLines
from goldsmith.refine.structure.kinds import BOILERPLATE
from goldsmith.refine.structure.shortening import without_lines
from tests.unit.refine.sound_texts import SENTENCES

MARKED = Path(__file__).resolve().parents[4] / "shared" / "data" / "web-articles"

PLANTED: dict[str, str] = {
    "en": "Skip to content|Share this article on Facebook|Sign up for our newsletter|Be the first to comment|Read more"
    "|We use cookies to give you the best experience. By continuing you agree.|© 2019 Daily Star. All rights reserved.",
    "de": "Zum Inhalt springen|Artikel teilen|Newsletter abonnieren|Kommentar schreiben|Weiterlesen|Auch interessant"
    "|Diese Website verwendet Cookies, damit alles gut läuft.|© 2019 Tageblatt. Alle Rechte vorbehalten.",
    "fr": "Aller au contenu|Partager cet article|Inscrivez-vous à notre newsletter|Laisser un commentaire|Lire la suite"
    "|En poursuivant votre navigation, vous acceptez les cookies.|© 2019 Le Jour. Tous droits réservés.",
    "es": "Saltar al contenido|Compartir en Facebook|Suscríbete a nuestro boletín|Deja un comentario|Seguir leyendo"
    "|Utilizamos cookies propias y de terceros.|© 2019 El Día. Todos los derechos reservados.",
    "it": "Vai al contenuto|Condividi su Facebook|Iscriviti alla nostra newsletter|Lascia un commento|Leggi anche"
    "|Questo sito utilizza i cookie per funzionare meglio.|© 2019 Il Giorno. Tutti i diritti riservati.",
    "pt": "Pular para o conteúdo|Compartilhar no Facebook|Assine nossa newsletter|Deixe um comentário|Leia também"
    "|Usamos cookies para melhorar a sua visita.|© 2019 O Dia. Todos os direitos reservados.",
    "nl": "Ga naar de inhoud|Deel dit artikel|Abonneer op onze nieuwsbrief|Plaats een reactie|Lees ook"
    "|Deze website maakt gebruik van cookies.|© 2019 De Dag. Alle rechten voorbehouden.",
    "pl": "Przejdź do treści|Udostępnij na Facebooku|Zapisz się do naszego newslettera|Dodaj komentarz|Czytaj także"
    "|Ta strona używa plików cookies.|© 2019 Dziennik. Wszelkie prawa zastrzeżone.",
    "ru": "Перейти к содержимому|Поделиться с друзьями|Подпишитесь на нашу рассылку|Оставить комментарий|Читайте также"
    "|Мы используем файлы cookie, чтобы сайт работал.|© 2019 День. Все права защищены.",
    "tr": "İçeriğe geç|Bu haberi paylaş|E-bültenimize abone olun|Yorum yap|Bunlar da ilginizi çekebilir"
    "|Sitemizde çerezler kullanılmaktadır.|© 2019 Gün. Tüm hakları saklıdır.",
    "ar": "انتقل إلى المحتوى|شارك على فيسبوك|اشترك في نشرتنا البريدية|اترك تعليقا|اقرأ أيضا"
    "|نستخدم ملفات تعريف الارتباط لتحسين تجربتك.|© 2019 اليوم. جميع الحقوق محفوظة.",
    "zh-Hans": "跳到主要内容|分享到微信朋友圈|发表评论|阅读全文|相关阅读|本网站使用cookie来改善体验。|版权所有 © 2019 日报",  # noqa: E501
    "ja": "本文へスキップ|この記事をシェアする|メールマガジンに登録する|コメントを投稿する|続きを読む|関連記事"
    "|当サイトではCookieを使用しています。|© 2019 日報 無断転載禁止",
    "ko": "본문 바로가기|기사 공유하기|뉴스레터 구독하기|댓글 쓰기|더 보기|관련 기사"
    "|이 웹사이트는 쿠키를 사용합니다.|© 2019 일보 무단전재 및 재배포 금지",
}
"""Lines of pages in each language; the last one stands at the foot."""

MANUAL = """Print

Choose File - Print. The Share button next to it opens the dialogue.

Search

Search for a word, or use regular expressions. You can also press Ctrl+F.

Home
Previous page

See also

Contact sheet printing is described in the next section. Categories and tags are listed in the Navigator.

Copyright

Copyright 2004 by the authors. The copyright notice has to be kept in all copies of this manual, in full.

Press Enter to go to the next page of the document, and to read more of the text that it holds."""


def shortened(*texts: str, kinds: Sequence[str] = BOILERPLATE) -> list[str]:
    stage = msgspec.convert({"kinds": kinds}, BoilerplateLines)
    batch = make_batch({"text": list(texts)}, {"text": "text"})
    columns = stage.annotate(batch)
    found = list(map(str, columns["text"]))
    for before, after, spans in zip(texts, found, columns["boilerplate_spans"], strict=True):
        changes = [] if spans is None else msgspec.json.decode(str(spans), type=list[Change])
        assert undo(after, changes) == before
    return found


@pytest.mark.parametrize("language", PLANTED)
def test_planted_lines_go_and_the_text_stays(language: str):
    *planted, foot = PLANTED[language].split("|")
    sentence = SENTENCES.get(language, "The bridge over the river is open again after a long winter.")
    prose = [sound + f" {number}" for number, sound in enumerate([sentence] * (len(planted) + 1))]
    lines = [line for pair in zip(prose, planted, strict=False) for line in pair]

    (text,) = shortened("\n\n".join([*lines, prose[-1], foot]))

    assert text == "\n\n".join(prose)


def test_sound_texts_in_many_languages_stay():
    texts = [f"{sentence}\n{sentence}" for sentence in SENTENCES.values()]

    assert shortened(*texts, MANUAL) == [*texts, MANUAL]


def test_words_of_menus_count_in_company_only():
    (menu, one, two) = shortened(
        "A text.\nHome\nNews\nContact\nSitemap\nMore text follows here.",
        "A text.\nHome\nMore text follows here.",
        "A text.\nShare this:\nFacebook\nTwitter\nMore text follows here.",
    )

    assert menu == two == "A text.\nMore text follows here."
    assert "Home" in one


def test_a_menu_in_one_line_goes():
    (text,) = shortened("Home | News | Sport | Weather\n\nThe match ended without a goal.")

    assert text == "The match ended without a goal."


def test_copyright_counts_at_the_foot_only():
    notice = "Copyright © 2011 by the authors. All rights reserved."
    prose = "Redistribution and use in source and binary forms are permitted provided that all conditions are met here."

    assert shortened(f"{notice}\n\n{prose}", f"{prose}\n\n{notice}") == [f"{notice}\n\n{prose}", prose]


def test_paragraphs_stay_apart_and_lists_together():
    one, two, three = shortened(
        "First.\n\nRead more\n\nSecond.", "- a\nShare this article\n- b", "- a\n\nShare this article\n- b"
    )

    assert (one, two, three) == ("First.\n\nSecond.", "- a\n- b", "- a\n\n- b")


def test_only_the_wanted_kinds_go():
    text = "Share this article\n\nThe bridge is open again.\n\nLeave a comment"

    assert shortened(text, kinds=["comments"]) == ["Share this article\n\nThe bridge is open again."]
    assert shortened(text, kinds=[]) == [text]


def test_what_went_is_counted_by_kind_and_has_its_place():
    text = "Skip to content\nRead more\n\nThe bridge is open again.\n\nLeave a comment"

    columns = BoilerplateLines().annotate(make_batch({"text": [text, None]}, {"text": "text"}))

    spans = msgspec.json.decode(str(columns["boilerplate_spans"][0]), type=list[Change])
    assert [(span.kind, span.at) for span in spans] == [("navigation+read-more", (0,)), ("comments", (25,))]
    assert [columns[f"boilerplate_{kind}"][0] for kind in ("navigation", "read_more", "comments", "cookies")] == [
        1,
        1,
        1,
        0,
    ]
    assert columns["boilerplate_share"][0] == pytest.approx(39 / 64)
    assert (columns["text"][1], columns["boilerplate_share"][1], columns["boilerplate_spans"][1]) == (None, 0, None)


def test_what_is_mostly_boilerplate_is_dropped_on_request():
    (rule,) = BoilerplateLines(max_share=0.5).rules()
    verdicts = rule.verdicts(make_batch({"boilerplate_share": [0.6, 0.5, None]}, {"boilerplate_share": "float"}))

    assert [verdict is not None for verdict in verdicts] == [True, False, False]
    assert BoilerplateLines().rules() == ()


@pytest.mark.skipif(not MARKED.is_dir(), reason="the marked pages are not beside the repository")
def test_lines_of_marked_articles_stay_and_lines_around_them_go():
    pages = load(MARKED)[::3]
    texts = [extract_plain_text(page.html, preserve_formatting=True, main_content=False) for page in pages]
    n_right = n_wrong = 0

    columns = BoilerplateLines().annotate(make_batch({"text": texts}, {"text": "text"}))

    for page, spans in zip(pages, columns["boilerplate_spans"], strict=True):
        body = set(zip(*(re.findall(r"\w+", page.body.lower())[start:] for start in range(4)), strict=False))
        for change in [] if spans is None else msgspec.json.decode(str(spans), type=list[Change]):
            for line in change.before.split("\n"):
                words = re.findall(r"\w+", line.lower())
                triples = list(zip(*(words[start:] for start in range(4)), strict=False))
                is_body = sum(each in body for each in triples) >= 0.5 * len(triples) if triples else False
                n_wrong += is_body
                n_right += bool(words) and not is_body
    assert n_right >= 1000
    assert n_wrong <= 0.005 * n_right


def test_a_text_of_one_line_loses_it():
    done = without_lines(make_batch({"text": ["© 2020", "text"]}, {"text": "text"}), {0: [1]}, ["copyright"])

    assert done.texts == ["", "text"]
    assert done.counts == {"copyright": [1, 0]}
    assert done.shares == [1, 0]
