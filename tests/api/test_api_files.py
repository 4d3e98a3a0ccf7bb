"""Files as items over the API: single ones, forms and archives, with tables that name them."""

import io
import stat
import zipfile
from itertools import count

import pytest

from goldsmith.trust.authorize import Role
from tests.unit.media.made_media import made_image, made_pdf, made_sound

OPTIONS = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
QUESTION = {"name": "which", "type": "choice", "label": "Which?", "options": OPTIONS}
NUMBERS = count()
ZIP = {"content-type": "application/zip"}


@pytest.fixture(scope="module")
def owner(shared):
    return shared.signed_in(Role.OWNER)


@pytest.fixture
def made(owner):
    """Makes a project with fields of these types; its path."""

    def make(*types: str) -> str:
        fields = [{"name": f"{kind}{number or ''}", "type": kind} for number, kind in enumerate(types)]
        schema = {"fields": fields, "questions": [QUESTION]}
        answer = owner.post("/api/vaults/acme/projects", json={"name": f"Files {next(NUMBERS)}", "schema": schema})
        assert answer.status_code == 201, answer.text
        return f"/api/vaults/acme/projects/{answer.json()['slug']}"

    return make


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def counts(report) -> tuple[int, ...]:
    body = report.json()
    return tuple(body[name] for name in ("n_read", "n_accepted", "n_duplicate", "n_changed", "n_rejected"))


def payloads(owner, project: str) -> list[dict]:
    rows = owner.get(f"{project}/items").json()["rows"]
    return [owner.get(f"{project}/items/{row['id']}").json()["payload"] for row in rows]


def test_an_archive_becomes_items_and_broken_files_are_named(owner, made):
    project = made("image")
    content = zipped(
        {
            "cats/1.png": made_image(seed=1),
            "cats/2.jpg": made_image("JPEG", seed=2),
            "copy of 1.png": made_image(seed=1),
            "cut.png": made_image(seed=3)[:100],
            "note.txt": b"hello",
            "empty.png": b"",
            "sound.wav": made_sound(),
            ".DS_Store": b"x",
            "__MACOSX/cats/._1.png": b"x",
        }
    )
    report = owner.post(f"{project}/files", content=content, headers=ZIP)
    assert counts(report) == (7, 2, 1, 0, 4)
    reasons = [one["reason"] for one in report.json()["rejected"]]
    for name, said in (
        ("cut.png", "broken PNG"),
        ("note.txt", "known"),
        ("empty.png", "empty"),
        ("sound.wav", "audio"),
    ):
        assert any(reason.startswith(f"{name}: ") and said in reason for reason in reasons), (name, reasons)
    assert sorted(payload["image"]["name"] for payload in payloads(owner, project)) == ["cats/1.png", "cats/2.jpg"]
    assert [row["title"] for row in owner.get(f"{project}/items").json()["rows"]] == ["cats/1.png", "cats/2.jpg"]
    again = owner.post(f"{project}/files", content=content, headers=ZIP)
    assert counts(again) == (7, 0, 3, 0, 4)


def test_a_table_in_an_archive_names_its_files(owner, made):
    project = made("image", "pdf")
    table = "id,image,pdf1,who\na,pics/1.png,doc.pdf,Ann\nb,2.png,,Ben\nc,none.png,,Cem\nd,../data/pics/1.png,,Dan\n"
    content = zipped(
        {
            "data/table.csv": table.encode(),
            "data/pics/1.png": made_image(seed=11),
            "data/pics/2.png": made_image(seed=12),
            "data/doc.pdf": made_pdf([["A page"]]),
        }
    )
    report = owner.post(f"{project}/files", params={"id_column": "id"}, content=content, headers=ZIP)
    assert counts(report) == (4, 3, 0, 0, 1)
    assert report.json()["rejected"] == [{"line": 4, "reason": "it names the file 'none.png', which is not there."}]
    first, second, _ = payloads(owner, project)
    assert (first["who"], first["image"]["name"], first["pdf1"]["media_type"]) == (
        "Ann",
        "data/pics/1.png",
        "application/pdf",
    )
    assert second["image"]["width"] == 60


def test_a_form_sends_several_files_and_a_table(owner, made):
    project = made("audio")
    files = [("file", (f"{seed}.wav", made_sound(seed=seed))) for seed in (1, 2)] + [("file", ("x.wav", b"RIFF"))]
    report = owner.post(f"{project}/files", files=files)
    assert counts(report) == (3, 2, 0, 0, 1), report.text
    assert report.json()["rejected"][0]["reason"].startswith("x.wav: ")
    table = ("file", ("rows.jsonl", b'{"audio": "3.flac", "note": "third"}\n'))
    report = owner.post(f"{project}/files", files=[table, ("file", ("3.flac", made_sound("FLAC", seed=3)))])
    assert counts(report) == (1, 1, 0, 0, 0)
    assert payloads(owner, project)[-1]["note"] == "third"


def test_one_file_is_an_item(owner, made):
    project = made("pdf")
    headers = {"content-type": "application/octet-stream"}
    for expected in ((1, 1, 0, 0, 0), (1, 0, 1, 0, 0)):
        report = owner.post(
            f"{project}/files", params={"name": "a.pdf"}, content=made_pdf([["One"], ["Two"]]), headers=headers
        )
        assert counts(report) == expected
    assert len(payloads(owner, project)[0]["pdf"]["pages"]) == 2


def test_rows_name_uploaded_files_and_say_what_is_wrong(owner, made):
    project = made("image")
    headers = {"content-type": "application/octet-stream"}
    image = owner.post("/api/vaults/acme/blobs", content=made_image(seed=21), headers=headers).json()
    sound = owner.post("/api/vaults/acme/blobs", content=made_sound(seed=21), headers=headers).json()
    rows = [
        {"image": {"blob": image["blob"], "name": "mine.png", "width": 1, "media_type": "text/html"}},
        {"image": {"blob": "0" * 64}},
        {"image": {"blob": sound["blob"]}},
        {"image": "a.png"},
        {"image": {"blob": image["blob"][:10]}},
        {"image": None},
    ]
    report = owner.post(f"{project}/items", json=rows)
    assert counts(report) == (6, 1, 0, 0, 5)
    said = ["not uploaded", "audio/wav", "holds no file", "holds no file", "nothing in 'image'"]
    assert all(text in one["reason"] for text, one in zip(said, report.json()["rejected"], strict=True)), report.text
    assert payloads(owner, project) == [{"image": {**image, "name": "mine.png"}}]


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("a.png")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def overlapping() -> bytes:
    """Two names for the same bytes: the second entry's place is made that of the first."""
    content = bytearray(zipped({"a.png": made_image(), "b.png": made_image()}))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)
    return bytes(content)


def bomb() -> bytes:
    return zipped({f"{number}.bmp": bytes(30 << 20) for number in range(4)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({"../a.png": made_image()}), "no plain path"),
        (zipped({"/a.png": made_image()}), "no plain path"),
        (zipped({"a/../../b.png": made_image()}), "no plain path"),
        (zipped({"C:/a.png": made_image()}), "no plain path"),
        (zipped({"a\nb.png": made_image()}), "no plain path"),
        (zipped({"A.png": made_image(), "a.PNG": made_image()}), "take for one"),
        (zipped({"a.csv": b"a\n1\n", "b.csv": b"a\n1\n"}), "2 tables"),
        (linked(), "a link"),
        (overlapping(), "overlap"),
        (bomb(), "unpacks to"),
        (b"PK\x03\x04 rubbish", "cannot be read"),
        (b"", "cannot be read"),
        (zipped({"a.png": made_image()})[:-30], "cannot be read"),
    ],
    ids=[
        "parent",
        "root",
        "inside out",
        "drive",
        "control",
        "case",
        "tables",
        "link",
        "overlap",
        "bomb",
        "rubbish",
        "empty",
        "cut",
    ],
)
def test_an_archive_that_could_harm_is_refused_as_a_whole(owner, made, content, said):
    project = made("image")
    answer = owner.post(f"{project}/files", content=content, headers=ZIP)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-input")
    assert said in answer.json()["detail"]
    assert owner.get(f"{project}/items").json()["total"] == 0


def test_a_file_inside_an_archive_that_does_not_unpack_is_named(owner, made):
    project = made("image")
    content = bytearray(zipped({"a.png": made_image(seed=31), "b.png": made_image(seed=32)}))
    content[60] ^= 0xFF
    report = owner.post(f"{project}/files", content=bytes(content), headers=ZIP)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert report.json()["rejected"][0]["reason"].startswith("a.png: ")


@pytest.mark.parametrize(
    ("types", "said"), [(("text",), "no field for files"), (("image", "image"), "2 fields of the type image")]
)
def test_files_that_have_no_field_of_their_own_are_refused(owner, made, types, said):
    answer = owner.post(f"{made(*types)}/files", content=zipped({"a.png": made_image()}), headers=ZIP)
    assert said in answer.text
    assert answer.status_code == 400 or counts(answer) == (1, 0, 0, 0, 1)


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_holds_no_files_is_refused(owner, made, kind):
    answer = owner.post(f"{made('image')}/files", content=b"x", headers={"content-type": kind})
    assert answer.status_code == 400


def test_a_form_is_taken_nowhere_else(owner, made):
    answer = owner.post(f"{made('image')}/items", files=[("file", ("a.csv", b"a\n1\n"))])
    assert answer.status_code == 400
    assert "content type" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--x--\r\n"]
)
def test_a_malformed_form_is_refused(owner, made, body):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert owner.post(f"{made('image')}/files", content=body, headers=headers).status_code == 400
