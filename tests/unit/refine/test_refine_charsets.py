# Texts in many languages hold letters that look like others.
# ruff: noqa: RUF001

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.charsets import decode
from goldsmith.refine.stages.decode import Decode

TEXTS = {
    "de": "Größere Änderungen können wir für Sie über Nacht prüfen; schöne Grüße aus Köln und Düsseldorf. Straße, Fuß.",
    "fr": "Où êtes-vous né ? À l'été, les élèves français préfèrent déjeuner à la maison près de l'église, dès midi.",
    "pl": "Zażółć gęślą jaźń. Proszę wybrać plik, który chcesz otworzyć, a następnie kliknąć przycisk „Zapisz”.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy. Klepněte na tlačítko Uložit a vyberte umístění souboru v počítači.",
    "hu": "Árvíztűrő tükörfúrógép. Válassza ki a megnyitni kívánt fájlt, majd kattintson a Mentés gombra az ablakban.",
    "tr": "Dosyayı açmak için düğmeye tıklayın. Şu anda İstanbul'da güneşli bir gün; çocuklar bahçede oynuyor.",
    "ru": "Съешь же ещё этих мягких французских булок да выпей чаю. Выберите файл, который нужно открыть, и нажмите.",
    "el": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Επιλέξτε το αρχείο που θέλετε να ανοίξετε και πατήστε το κουμπί.",
    "ja": "いろはにほへと ちりぬるを。ファイルを選択して、保存ボタンをクリックしてください。設定は後から変更できます。",
    "zh": "请选择要打开的文件，然后单击保存按钮。天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。我们可以随时更改这些设置。",
    "tw": "請選擇要開啟的檔案，然後按一下儲存按鈕。天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。我們可以隨時變更這些設定。",
    "ko": "열려는 파일을 선택한 다음 저장 단추를 누르십시오. 나중에 설정을 바꿀 수 있습니다. 다람쥐 헌 쳇바퀴.",
}
CHARSETS = [
    *(("de", name) for name in ("utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")),
    *(("fr", name) for name in ("utf-8-sig", "cp1252")),
    *(("pl", name) for name in ("cp1250",)),
    *(("cs", name) for name in ("cp1250", "iso8859-2")),
    ("hu", "cp1250"),
    ("tr", "cp1254"),
    *(("ru", name) for name in ("cp1251", "koi8-r", "cp866", "iso8859-5", "utf-16-le")),
    *(("el", name) for name in ("cp1253", "utf-16-be")),
    *(("ja", name) for name in ("shift_jis", "euc_jp", "iso2022_jp", "utf-16")),
    *(("zh", name) for name in ("gbk", "gb2312", "gb18030")),
    ("tw", "big5"),
    ("ko", "euc_kr"),
]


@pytest.mark.parametrize(("language", "charset"), CHARSETS)
def test_texts_are_decoded_in_their_charset(language: str, charset: str):
    text = TEXTS[language]

    assert decode(text.encode(charset, "replace"), is_html=False).text == text.encode(charset, "replace").decode(
        charset
    )


def test_a_byte_order_mark_does_not_stay_in_the_text():
    assert decode("\ufeffüber".encode(), is_html=False).text == "über"
    assert decode("über".encode("utf-16"), is_html=False).text == "über"


def test_names_with_accents_in_an_english_text_are_windows_1252():
    text = "Thanks to Miguel Muñoz and Jörg Müller for the patch that mends the parser. " * 40

    found = decode(text.encode("cp1252"), is_html=False)

    assert (found.text, found.charset) == (text, "windows-1252")


def test_lines_of_utf_8_and_of_windows_1252_can_stand_in_one_file():
    raw = "Größe\n".encode() * 3 + "Müller\n".encode("cp1252") + b"plain\n"

    found = decode(raw, is_html=False)

    assert found.text == "Größe\n" * 3 + "Müller\nplain\n"
    assert found.charset == "utf-8+windows-1252"


def test_a_page_is_decoded_as_it_declares():
    page = '<html><head><meta charset="koi8-r"></head><body>дом</body></html>'

    found = decode(page.encode("koi8-r"), is_html=True)

    assert (found.text, found.charset) == (page, "koi8-r")


@pytest.mark.parametrize("name", ["unicode_escape", "idna", "rot13", "base64", "no-such-charset", "punycode"])
def test_a_page_cannot_choose_a_codec_that_is_no_charset(name: str):
    page = f'<html><meta charset="{name}"><p>'.encode() + "Größe".encode("cp1252")

    found = decode(page, is_html=True)

    assert found.text is not None
    assert found.text.endswith("Größe")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"abc\0def", "binary: a NUL byte at offset 3"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary: a NUL byte at offset 8"),
        (bytes(range(256)) * 4, "binary: a NUL byte at offset 0"),
        (bytes(range(1, 256)) * 4, "binary, or in a charset that is not known"),
    ],
)
def test_what_is_no_text_says_why(raw: bytes, reason: str):
    found = decode(raw, is_html=False)

    assert found.text is None
    assert found.failure is not None
    assert found.failure.startswith(reason)


def test_random_bytes_are_no_text():
    assert all(decode(os.urandom(400), is_html=False).text is None for _ in range(50))


def test_nothing_is_an_empty_text():
    assert decode(b"", is_html=False).text == ""


def test_terminal_colours_and_overstriking_are_still_text():
    raw = b"N\bNA\bAM\bME\bE \x1b[1mbold\x1b[0m\n"

    assert decode(raw, is_html=False).text == raw.decode()


PIECES = (
    b"plain words\n",
    "Größe, naïve »quoted«\n".encode(),
    "上海、东京。\n".encode(),
    b"plain words\n" * 40,
    "\u00a0\u00ad\u0085\ufffd\ufdd0".encode(),
    "\ue000\uf8ff".encode(),
    b"\x00",
    b"\x01\x02\x7f",
    b"\x08\t\x0b\x0c\r",
    b"\x1b[31m",
    b"\x1b$B$3$l\x1b(B",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    "Größe und Maß\n".encode("cp1252"),
)


@given(files=st.lists(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join) | st.none(), max_size=5))
@example(files=["上海".encode() * 50 + b"\x01\x02\x03", b"\xef\xbb\xbf" + b"plain words\n" * 40])
@example(files=[b"\x1b$B$3$l\x1b(B", "\ue000".encode() * 40])
def test_a_batch_is_decoded_as_its_files_are_one_by_one(files: list[bytes | None]):
    held = ["came as text" if raw is None else None for raw in files]
    kinds = {"_raw": "bytes", "text": "text", "_media": "text"}
    batch = make_batch({"_raw": files, "text": held, "_media": ["text"] * len(files)}, kinds)

    columns = Decode().annotate(batch)

    expected = [("came as text", "unicode", None) if raw is None else decode(raw, is_html=False) for raw in files]
    assert list(zip(columns["text"], columns["charset"], columns["_undecodable"], strict=True)) == expected
