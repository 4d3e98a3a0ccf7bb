"""Personal data: found by form and check digits, measured on planted numbers beside some that only look like them."""

import json
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.personal import KINDS, banking, checksums, find_personal, national
from goldsmith.refine.stages.personal_data import PersonalData

N_EACH = 60


def found(text: str, *, regions: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_personal(text, KINDS, phone_regions=regions)]


def digits(rng: np.random.Generator, n: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, n))


def ending(start: str, n: int, is_sound: Callable[[str], bool]) -> str | None:
    """`start` with the first ending of `n` digits that the check likes."""
    endings = ("".join(ending) for ending in product("0123456789", repeat=n))
    return next((start + each for each in endings if is_sound(start + each)), None)


def sure(make: Callable[[], str | None]) -> str:
    while (made := make()) is None:
        pass
    return made


def iban(rng: np.random.Generator, country: str, n: int) -> str:
    body = digits(rng, n)
    check = 98 - int(body + "".join(str(int(char, 36)) for char in country) + "00") % 97
    return f"{country}{check:02}{body}"


def planted(rng: np.random.Generator) -> list[tuple[str, str, str]]:
    """Kind, value, and the sentence around it."""
    rows: list[tuple[str, str, str]] = []
    names = ("anna.schmidt", "j_doe+news", "li-wei", "o.brien2", "team")
    hosts = ("mail.de", "uni-koeln.de", "corp.co.uk", "firma.io", "posteo.net")
    for _ in range(N_EACH):
        name, host = rng.choice(names), rng.choice(hosts)
        rows.append(("email", f"{name}@{host}", "Write to {} before Monday."))
        phone = f"+49 30 {rng.integers(2, 9)}{digits(rng, 7)}"
        rows.append(("phone", phone, "Reach me at {}, please."))
        rows.append(("ip", f"{rng.integers(11, 99)}.{rng.integers(1, 255)}.{rng.integers(1, 255)}.7", "Ping {} twice."))
        rows.append(("iban", iban(rng, "DE", 18), "Pay into {} by Friday."))
        rows.append(
            ("card", sure(lambda: ending("4" + digits(rng, 14), 1, checksums.has_luhn)), "Card {} was charged.")
        )
        rows.append(
            ("national-id", sure(lambda: ending("11010519491231" + digits(rng, 3), 1, national._china)), "身份证 {}。")
        )
        number = sure(lambda: ending(str(rng.integers(100, 899)) + digits(rng, 6), 2, national._brazil))
        rows.append(("national-id", f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}", "CPF {} foi usado."))
        letters = "".join(rng.choice(list("ABCDEFGHKLMNPQRSTUVWXYZ234567"), 16))
        rows.append(("secret", f"AKIA{letters}", "The key {} leaked."))
    return rows


DECOYS = (
    "Version 8.8.4.4 of the program came out in May.",
    "See section 10.1.2.30 and figure 4-11.",
    "The server listens on 127.0.0.1 and on 192.168.1.20.",
    "Write to user@example.com or root@localhost.",
    "The icon is logo@2x.png, decorated with @property.",
    "Between 1914-1918 and 1939-1945 there were 123456789 of them.",
    "ISBN 978-3-16-148410-0, printed 2024-11-22 10:22:31.",
    "Order 4111111111111112 was sent; its hash is 4d2a9c0e1b7f4d2a9c0e1b7f4d2a9c0e.",
    "GB29NWBK60161331926818 is no account, for it has one digit changed.",
    "The sum is 1234 5678 9012 3456 in total.",
    "Use AKIAIOSFODNN7EXAMPLE or sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx in the examples.",
    "Pi is 3.14159265358979323846, and e is 2.718281828459045.",
    "In room 12345678 there were 87654321 chairs.",
    "The commit 0123456789 follows 9876543210.",
    "Error 555-12-3456 at line 12.",
)


def test_planted_numbers_are_found_and_decoys_are_not(rng: np.random.Generator):
    rows = planted(rng)
    n_right = dict.fromkeys(KINDS, 0)
    n_planted = dict.fromkeys(KINDS, 0)
    n_wrong = 0
    for kind, value, sentence in rows:
        n_planted[kind] += 1
        hits = found(sentence.format(value))
        n_right[kind] += (kind, value) in hits
        n_wrong += sum(hit != (kind, value) for hit in hits)
    n_wrong += sum(len(found(decoy)) for decoy in DECOYS)
    recall = {kind: n_right[kind] / n_planted[kind] for kind in KINDS}
    precision = sum(n_right.values()) / (sum(n_right.values()) + n_wrong)
    assert precision >= 0.99, precision
    assert min(recall.values()) >= 0.9, recall
    assert sum(n_right.values()) >= 0.97 * len(rows), recall


@pytest.mark.parametrize("decoy", DECOYS)
def test_what_only_looks_like_it_is_left(decoy: str):
    assert found(decoy) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("IBAN GB29 NWBK 6016 1331 9268 19 thanks", "iban", "GB29 NWBK 6016 1331 9268 19"),
        ("NL91ABNA0417164300.", "iban", "NL91ABNA0417164300"),
        ("my SSN is 078-05-1120", "national-id", "078-05-1120"),
        ("DNI 12345678Z", "national-id", "12345678Z"),
        ("codice fiscale RSSMRA85T10A562S", "national-id", "RSSMRA85T10A562S"),
        ("PESEL: 44051401359", "national-id", "44051401359"),
        ("BSN 111222333", "national-id", "111222333"),
        ("Steuer-ID 86095742719", "national-id", "86095742719"),
        ("personnummer 811218-9876", "national-id", "811218-9876"),
        ("Aadhaar 2341 2341 2346", "national-id", "2341 2341 2346"),
        ("NI number QQ123456C", "national-id", None),
        ("National Insurance: AB123456C", "national-id", "AB123456C"),
        ("NIR 1 84 12 76 451 089 46", "national-id", "1 84 12 76 451 089 46"),
        ("at 2001:4860:4860::8888 now", "ip", "2001:4860:4860::8888"),
        ("token ghp_" + "a1B2" * 9, "secret", "ghp_" + "a1B2" * 9),
        ("5555 5555 5555 4444", "card", "5555 5555 5555 4444"),
    ],
)
def test_known_numbers_of_each_kind(text: str, kind: str, value: str | None):
    assert found(text) == ([] if value is None else [(kind, value)])


def test_national_telephone_numbers_need_a_region_and_a_word():
    text = "Telefon: 030 90182000"
    assert found(text) == []
    assert found(text, regions=("DE",)) == [("phone", "030 90182000")]
    assert found("Raum 030 90182000", regions=("DE",)) == []


def annotated(text: str, **parameters: object) -> dict[str, object]:
    batch = make_batch({"text": [text]}, {"text": "text"})
    return {name: values[0] for name, values in PersonalData(**parameters).annotate(batch).items()}


def test_findings_are_replaced_and_their_places_told():
    row = annotated("Ask anna@mail.de or +49 30 901820, then pay.")
    assert row["text"] == "Ask [e-mail] or [phone], then pay."
    assert (row["n_personal"], row["personal_emails"], row["personal_phones"]) == (2, 1, 1)
    marks = json.loads(str(row["personal"]))
    assert [str(row["text"])[one["start"] : one["end"]] for one in marks] == ["[e-mail]", "[phone]"]


def test_findings_are_only_marked_when_asked():
    text = "Ask anna@mail.de."
    row = annotated(text, redact=False, kinds=("email",))
    (mark,) = json.loads(str(row["personal"]))
    assert (row["text"], text[mark["start"] : mark["end"]]) == (text, "anna@mail.de")
    assert annotated(text, kinds=("card",))["n_personal"] == 0


@given(text=st.text(max_size=200))
def test_any_text_can_be_looked_at_and_what_is_left_holds_nothing_more(text: str):
    once = str(annotated(text)["text"])
    again = annotated(once)
    assert (again["text"], again["n_personal"]) == (once, 0)


@pytest.mark.parametrize("parameters", [{"max_found": -1}, {"phone_regions": ("Germany",)}])
def test_parameters_out_of_range_are_refused(parameters: dict[str, object]):
    with pytest.raises(ValueError, match="`"):
        PersonalData(**parameters)


def test_account_numbers_have_the_length_of_their_country():
    assert list(banking.ibans("DE89370400440532013000 and DE8937040044053201300")) == [(0, 22)]
