# ruff: noqa: RUF001 -- letters of other alphabets are what this is about
"""The language of a text is told where it is clear, and left open where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import AnswerError
from goldsmith.tasks.languages import LANGUAGES, LEAST, other_language
from goldsmith.tasks.types.text import Text

RAIN = {
    "en": "After two days of rain the river left its bed, and the school had to close for a week.",
    "de": "Nach zwei Tagen Regen trat der Fluss über die Ufer, und die Schule musste eine Woche lang schließen.",
    "es": "Después de dos días de lluvia el río se salió de su cauce y la escuela tuvo que cerrar una semana.",
    "fr": "Après deux jours de pluie, la rivière est sortie de son lit et l'école a dû fermer pendant une semaine.",
    "it": "Dopo due giorni di pioggia il fiume è uscito dal suo letto e la scuola ha dovuto chiudere per giorni.",
    "nl": "Na twee dagen regen trad de rivier buiten haar oevers en moest de school een week lang sluiten.",
    "pl": "Po dwóch dniach deszczu rzeka wystąpiła z brzegów i szkołę trzeba było zamknąć na tydzień.",
    "sv": "Efter två dagar av regn svämmade floden över och skolan var tvungen att stänga i en vecka.",
    "tr": "İki gün süren yağmurdan sonra nehir yatağından taştı ve okul bir hafta kapalı kaldı.",
    "ru": "После двух дней дождя река вышла из берегов, и школу пришлось закрыть на неделю.",
    "uk": "Після двох днів дощу річка вийшла з берегів, і школу довелося закрити на тиждень.",
    "ar": "بعد يومين من المطر فاض النهر واضطرت المدرسة إلى إغلاق أبوابها لمدة أسبوع كامل.",
    "he": "אחרי יומיים של גשם הנהר עלה על גדותיו ובית הספר נאלץ להיסגר למשך שבוע שלם.",
    "hi": "दो दिन की बारिश के बाद नदी अपने किनारों से बाहर आ गई और स्कूल को एक सप्ताह के लिए बंद करना पड़ा।",
    "ko": "이틀 동안 비가 내린 뒤 강물이 넘쳐 학교가 일주일 동안 문을 닫아야 했습니다. 선생님들은 집을 찾아갔습니다.",
    "ja": "二日間の雨のあと、川があふれて、学校は一週間休みになりました。先生たちは家を訪ねました。",
    "zh": "下了两天雨之后河水泛滥。学校不得不停课一个星期。老师们去看望了孩子们的家。",
}
CLOSE = ({"ru", "uk"}, {"de", "nl"})
"""Of these a sentence is not enough to refuse it for the other one."""


@pytest.mark.parametrize("code", RAIN)
def test_a_text_fits_its_own_language_and_no_other(code):
    assert other_language(RAIN[code], [code]) is None
    others = [wanted for wanted in RAIN if wanted != code and {wanted, code} not in CLOSE]
    assert {wanted: other_language(RAIN[code], [wanted]) for wanted in others} == dict.fromkeys(others, code)
    assert other_language(RAIN[code], ["en", code]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ja, natürlich.",
        "Jean-Baptiste Poquelin, Gonzalo García Márquez",
        "Anna Schmidt, Peter Müller, Katharina Hoffmann, Jürgen Weber, Sabine Fischer, Wolfgang Becker, Monika Schulz",
        "Kowalski, Nowak, Wiśniewski, Wójcik, Kowalczyk, Kamiński, Lewandowski, Zieliński, Szymański",
        "0.5 1,000 12:30 2024-02-29 +49 30 123456 0.5 1,000 12:30 2024-02-29",
        "https://example.org/ein/sehr/langer/weg/der/keine/sprache/hat/und/noch/viel/laenger/ist",
        RAIN["de"][:45] + " " + RAIN["ru"][:45],
    ],
)
def test_what_is_short_no_language_or_mixed_is_left_open(text):
    assert other_language(text, ["en"]) is None


@given(st.text(max_size=LEAST // 3 - 1), st.sets(st.sampled_from(sorted(LANGUAGES)), min_size=1, max_size=3))
def test_of_few_letters_nothing_is_said(text, wanted):
    assert other_language(text, wanted) is None


def test_an_answer_in_another_language_is_refused_with_both_named():
    question = Text(name="gist", label="Gist?", max_length=200, languages=("en", "fr"))
    assert question.check(RAIN["fr"], {}) == RAIN["fr"]
    with pytest.raises(AnswerError, match=r"another language \(de\); write it in en or fr\."):
        question.check(RAIN["de"], {})


@pytest.mark.parametrize(
    ("languages", "why"),
    [(("english",), "which cannot be told"), (("EN",), "did you mean|known:"), (("en", "en"), "names one twice")],
)
def test_a_schema_names_languages_that_can_be_told(languages, why):
    with pytest.raises(ValueError, match=why):
        Text(name="gist", label="Gist?", languages=languages)
