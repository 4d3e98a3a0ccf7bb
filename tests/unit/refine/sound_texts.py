"""Sound texts in many languages, written for the tests of repairs, and a door to real ones where a machine has them."""

# Texts in several languages hold letters that look like others.
# ruff: noqa: RUF001, E501

import os
from collections.abc import Iterator
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text  # pyright: ignore[reportMissingModuleSource]

SENTENCES: dict[str, str] = {
    "ar": "افتح النافذة ودع الهواء النقي يدخل، ثم اقرأ الرسالة مرة أخرى بهدوء.",
    "bg": "Отвори прозореца, за да влезе свеж въздух, и прочети писмото още веднъж спокойно.",
    "cs": "Otevři okno, ať vejde čerstvý vzduch, a přečti si ten dopis ještě jednou v klidu.",
    "da": "Åbn vinduet, så den friske luft kan komme ind, og læs brevet én gang til i ro og mag.",
    "de": "Öffne das Fenster, damit frische Luft hereinkommt, und lies den Brief später noch einmal ruhig für dich.",
    "el": "Άνοιξε το παράθυρο να μπει καθαρός αέρας και διάβασε το γράμμα άλλη μια φορά με ησυχία.",
    "es": "Abre la ventana para que entre aire fresco y después lee otra vez la carta con tranquilidad, señor Núñez.",
    "et": "Ava aken, et värske õhk saaks sisse tulla, ja loe kiri rahulikult üle veel üks kord õhtul.",
    "fi": "Avaa ikkuna, jotta raitis ilma pääsee sisään, ja lue kirje vielä kerran kaikessa hiljaisuudessa täällä.",
    "fr": "Ouvre la fenêtre pour laisser entrer l’air frais, puis relis la lettre à tête reposée, même très tard.",
    "he": "פתח את החלון כדי שייכנס אוויר צח, וקרא את המכתב עוד פעם אחת בנחת.",
    "hi": "खिड़की खोलो ताकि ताज़ी हवा अंदर आए, और फिर चिट्ठी को एक बार और शांति से पढ़ो।".replace("ड़", "ड\u093c").replace(
        "ज़", "ज\u093c"
    ),
    "hu": "Nyisd ki az ablakot, hogy bejöjjön a friss levegő, és olvasd el a levelet még egyszer nyugodtan.",
    "is": "Opnaðu gluggann svo að ferskt loft komist inn og lestu bréfið aftur í ró og næði, þegar þú mátt.",
    "it": "Apri la finestra perché entri aria fresca, poi rileggi la lettera con più calma: è già sera, però va bene così.",
    "ja": "窓を開けて新しい空気を入れてから、その手紙をもう一度ゆっくり読んでください。明日また話しましょう。",
    "ko": "창문을 열어 신선한 공기가 들어오게 하고, 그 편지를 다시 한번 천천히 읽어 보세요. 내일 다시 이야기합시다.",
    "lt": "Atidaryk langą, kad įeitų šviežio oro, ir dar kartą ramiai perskaityk šį laišką čia.",
    "lv": "Atver logu, lai ienāk svaigs gaiss, un vēlreiz mierīgi izlasi šo vēstuli līdz galam.",
    "nb": "Åpne vinduet så frisk luft kan komme inn, og les brevet en gang til når du får tid på lørdag.",
    "nl": "Open het raam zodat er frisse lucht binnenkomt en lees de brief nog één keer: het gaat over België en Curaçao.",
    "pl": "Otwórz okno, żeby weszło świeże powietrze, i przeczytaj list jeszcze raz spokojnie, zanim pójdziesz spać.",
    "pt": "Abra a janela para que entre ar fresco e depois leia a carta outra vez com atenção, não há pressa, São João.",
    "ro": "Deschide fereastra ca să intre aer curat și mai citește o dată scrisoarea în liniște, înainte să răspunzi.",
    "ru": "Открой окно, чтобы вошёл свежий воздух, и спокойно прочитай письмо ещё раз.",
    "sk": "Otvor okno, nech vojde čerstvý vzduch, a prečítaj si list ešte raz v pokoji, kým nezájdeš domov.",
    "sv": "Öppna fönstret så att frisk luft kommer in, och läs brevet en gång till när du är ensam på kvällen.",
    "th": "เปิดหน้าต่างให้อากาศบริสุทธิ์เข้ามา แล้วอ่านจดหมายอีกครั้งอย่างใจเย็น",
    "tr": "Pencereyi aç da içeri temiz hava girsin, sonra mektubu bir kez daha sakin sakin oku, çünkü önemli şeyler yazıyor.",
    "uk": "Відчини вікно, щоб увійшло свіже повітря, і спокійно прочитай листа ще раз.",
    "vi": "Hãy mở cửa sổ cho không khí trong lành vào, rồi đọc lại bức thư một lần nữa thật bình tĩnh.",
    "zh-Hans": "打开窗户让新鲜空气进来，然后再把那封信安静地看一遍。我们明天一起去公司，讨论这个问题应该怎么解决。",
    "zh-Hant": "打開窗戶讓新鮮空氣進來，然後再把那封信安靜地看一遍。我們明天一起去公司，討論這個問題應該怎麼解決。",
}
"""One or two sentences of prose in each of 33 languages and ways of writing."""

FOLDER = "GOLDSMITH_TEST_TEXTS"
"""The environment variable that names a folder with HTML pages in many languages, such as unpacked packages of
documentation (`libreoffice-help-*`, `debian-handbook`); it is read before the tests' own environment is made."""

ROOT = Path(os.environ.get(FOLDER, "/usr/share/doc"))
MIN_CHARACTERS = 300
MAX_PAGES = 4000


def real_texts() -> Iterator[tuple[str, str]]:
    """Paths and main texts of at most 4,000 HTML pages, spread over the named or the system's documentation."""
    pages = sorted(ROOT.rglob("*.html"))
    for page in pages[:: -(-len(pages) // MAX_PAGES) or 1]:
        try:
            text = extract_plain_text(page.read_text("utf-8"), main_content=True)
        except (UnicodeDecodeError, OSError):
            continue
        if len(text) >= MIN_CHARACTERS:
            yield str(page.relative_to(ROOT)), text
